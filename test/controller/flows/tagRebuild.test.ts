import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTagRebuild, tagMachine } from '../../../controller/flows/tagRebuild.ts';
import { silentLog } from '../../../controller/log.ts';
import type { Store } from '../../../controller/store/store.ts';
import { addMachine, makeStore } from '../../support/makeStore.ts';

const lshwWith = (cards: number) =>
	`<list><node id="server" class="system">${'<node id="network" class="network"><vendor>Intel</vendor></node>'.repeat(cards)}</node></list>`;

function addMachines(store: Store, numbers: number, cardsOf: (number: number) => number): number[] {
	const at = '2026-01-02T03:04:05.000Z';
	return store.transaction(() =>
		Array.from({ length: numbers }, (_, index) => {
			const { id } = addMachine(store, index + 1);
			const job = store.results.createJob({
				nodeId: id,
				kind: 'commission',
				at,
				scripts: [{ name: 'maas-lshw', kind: 'commissioning' }],
			});
			const [result] = store.results.ofJob(job.id);
			store.results.setFiles(result?.id ?? 0, { stdout: Buffer.from(lshwWith(cardsOf(index + 1))) });
			return id;
		}),
	);
}

test('a rebuild asks every machine, and lets others do their work in between', async (t) => {
	const { store } = makeStore(t);
	const ids = addMachines(store, 40, (number) => (number % 2 === 0 ? 400 : 1));
	const tag = store.tags.create({ name: 'many-cards', definition: 'count(//node[@class="network"]) > 3' });
	let turns = 0;
	let over = false;
	const others = () => {
		turns++;
		if (!over) setImmediate(others);
	};
	setImmediate(others);
	await createTagRebuild(store, silentLog).begin(tag.id);
	over = true;
	assert.deepEqual(
		store.tags.nodesOf(tag.id),
		ids.filter((_, index) => index % 2 === 1),
	);
	assert.ok(turns >= 4, `others had ${turns} turns`);
});

test('a newer rebuild of the same tag takes over; a deleted tag ends it', async (t) => {
	const { store } = makeStore(t);
	const ids = addMachines(store, 60, () => 30);
	const tag = store.tags.create({ name: 'x', definition: 'count(//node) > 1000' });
	store.tags.add(tag.id, ids);
	const rebuild = createTagRebuild(store, silentLog);
	const first = rebuild.begin(tag.id);
	store.tags.update(tag.id, { definition: 'count(//node) > 1' });
	await Promise.all([first, rebuild.begin(tag.id)]);
	assert.deepEqual(store.tags.nodesOf(tag.id), ids);
	const last = rebuild.begin(tag.id);
	store.tags.delete(tag.id);
	await last;
	assert.deepEqual(store.tags.all(), []);
	await rebuild.stop();
});

test('machines whose lshw is gone or unreadable lose the tag, and people are told', async (t) => {
	const { store } = makeStore(t);
	const [first = 0, second = 0] = addMachines(store, 2, () => 1);
	const without = addMachine(store, 9).id;
	const tag = store.tags.create({ name: 'any', definition: '//node' });
	store.tags.add(tag.id, [first, second, without]);
	store.results.setFiles(store.hardwareReports.newest().get(second) ?? 0, { stdout: Buffer.from('<!DOCTYPE x><list/>') });
	await createTagRebuild(store, silentLog).begin(tag.id);
	assert.deepEqual(store.tags.nodesOf(tag.id), [first]);
	const told = store.eventPages.page({ level: 'WARNING', limit: 1, auditOf: null })[0];
	assert.deepEqual(
		[told?.text, told?.cause],
		[
			'The tag any could not be asked of one machine.',
			'Of the first of them: its lshw output has a DOCTYPE, which lshw never writes.',
		],
	);
});

test('a machine that has taken its inventory gets every tag that fits, and loses the others', (t) => {
	const { store } = makeStore(t);
	const { id } = addMachine(store);
	const fits = store.tags.create({ name: 'network', definition: '//lshw:node[@class="network"]' });
	const other = store.tags.create({ name: 'display', definition: '//node[@class="display"]' });
	const byHand = store.tags.create({ name: 'mine' });
	store.tags.add(other.id, [id]);
	store.tags.add(byHand.id, [id]);
	tagMachine(store, id, lshwWith(2));
	assert.deepEqual(store.tags.namesOf([id]).get(id), ['mine', 'network']);
	tagMachine(store, id, null);
	assert.deepEqual(store.tags.nodesOf(fits.id), [id], 'what printed nothing changes nothing');
	tagMachine(store, id, 'no XML');
	assert.deepEqual(store.tags.namesOf([id]).get(id), ['mine']);
	assert.match(store.events.ofMachine(id)[0]?.text ?? '', /^The tag .+ could not be decided: its lshw output is no XML: /);
});
