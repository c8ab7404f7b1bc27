import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import type { LifecycleEvent } from '../../controller/domain/lifecycle.ts';
import { createAdvance } from '../../controller/flows/advance.ts';
import { addMachine } from '../support/makeStore.ts';
import { needs } from '../support/needs.ts';
import { sshPublicKey } from '../support/sshPublicKey.ts';
import { startApi } from '../support/startApi.ts';

/** Debian's own Python: the package's modules are in its path, whatever other Python comes first. */
const PYTHON = '/usr/bin/python3';
const missing = needs('cloud-init', 'cloud-init');

/** cloud-init's datasource as it runs in an installed system, with its own signing, waiting and decoding. Prints what it has learnt. */
const datasource = `
import json, sys
from cloudinit import helpers
from cloudinit.sources.DataSourceMAAS import DataSourceMAAS
config, folder = json.loads(sys.argv[1]), sys.argv[2]
ds = DataSourceMAAS({"datasource": {"MAAS": config}}, None, helpers.Paths({"cloud_dir": folder, "run_dir": folder}))
found = ds._get_data()
text = lambda value: value.decode("utf-8") if isinstance(value, bytes) else value
print(json.dumps({"found": found, "metadata": ds.metadata, "user": text(ds.userdata_raw), "vendor": text(ds.vendordata_raw)}))
`;

/** cloud-init's webhook reporter, with one stage that begins and ends. */
const reporter = `
import json, sys
from cloudinit.reporting import events, handlers
config = json.loads(sys.argv[1])
handler = handlers.WebHookHandler(**config)
for event in (
    events.ReportingEvent(events.START_EVENT_TYPE, "modules-config", "running config modules"),
    events.FinishReportingEvent("modules-config", "running config modules", result=events.status.SUCCESS),
):
    handler.publish_event(event)
handler.flush()
print("{}")
`;

const run = promisify(execFile);

/** A deploying machine of bob's, with the keys of its deployment as its system was given them. */
async function deploying(t: TestContext) {
	const api = await startApi(t);
	const { store } = api;
	const owner = await store.users.create({ username: 'bob', password: 'x', isAdmin: false, at: '2026' });
	const { id, systemId } = addMachine(store, 1);
	const advance = createAdvance(store, () => new Date());
	for (const event of ['commission', 'commissioned', 'allocate', 'deploy'] as LifecycleEvent[]) advance(id, event);
	store.machines.update(id, { ownerId: owner?.id ?? null });
	const keys = store.metadataKeys.renew(id);
	const folder = mkdtempSync(path.join(tmpdir(), 'metaldesk-cloud-init-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	const signed = { consumer_key: keys.consumerKey, token_key: keys.tokenKey, token_secret: keys.tokenSecret };
	const python = async (program: string, config: Record<string, unknown>) =>
		JSON.parse((await run(PYTHON, ['-c', program, JSON.stringify(config), folder], { timeout: 60_000 })).stdout);
	const ask = (change: Record<string, unknown> = {}) =>
		python(datasource, { metadata_url: `${api.url}/MAAS/metadata/`, ...signed, max_wait: 3, ...change });
	return { ...api, id, systemId, owner, signed, python, ask, status: () => store.machines.byId(id)?.status };
}

test('cloud-init’s MAAS datasource finds everything, and the machine becomes Deployed by it', { skip: missing }, async (t) => {
	const { ask, store, id, systemId, owner, status } = await deploying(t);
	const keys = [sshPublicKey('bob@desk'), sshPublicKey('bob@phone')];
	for (const [at, key] of keys.entries())
		store.users.addSshKey(owner?.id ?? 0, { type: 'ssh-ed25519', fingerprint: `SHA256:${at}`, comment: '', key });
	store.machines.update(id, { userData: Buffer.from('#cloud-config\nhostname: grüße\n') });
	store.config.set('ntp_external_only', true);
	assert.equal(status(), 'deploying');
	assert.deepEqual(await ask(), {
		found: true,
		metadata: { 'instance-id': systemId, 'local-hostname': 'node-1.maas', 'public-keys': `${keys.join('\n')}\n` },
		user: '#cloud-config\nhostname: grüße\n',
		vendor: '#cloud-config\n{\n "ntp": {\n  "servers": [],\n  "pools": [\n   "ntp.ubuntu.com"\n  ]\n }\n}\n',
	});
	assert.equal(status(), 'deployed');
});

test('without keys of people and user-data it finds what there is', { skip: missing }, async (t) => {
	const { ask, systemId } = await deploying(t);
	assert.deepEqual(await ask(), {
		found: true,
		metadata: { 'instance-id': systemId, 'local-hostname': 'node-1.maas' },
		user: null,
		vendor: '#cloud-config\n{}\n',
	});
});

test('with the keys of another deployment it finds nothing, and nothing happens', { skip: missing }, async (t) => {
	const { ask, status } = await deploying(t);
	assert.deepEqual((await ask({ token_secret: 'x'.repeat(32) })).found, false);
	assert.equal(status(), 'deploying');
});

test('cloud-init’s webhook reporter is heard', { skip: missing }, async (t) => {
	const { python, signed, url, systemId, store, id } = await deploying(t);
	await python(reporter, { endpoint: `${url}/MAAS/metadata/status/${systemId}`, ...signed });
	const heard = store.events.ofMachine(id).filter(({ stage }) => stage === 'cloud-init');
	assert.deepEqual(heard.map(({ text }) => text).toReversed(), ['modules-config began', 'modules-config']);
});

test('a system in memory gets its keys from the preseed and then finds its datasource', { skip: missing }, async (t) => {
	const { ask: request, python, store, url } = await deploying(t);
	const { id, systemId } = addMachine(store, 2);
	createAdvance(store, () => new Date())(id, 'commission');
	const answer = await fetch(`${url}/MAAS/metadata/latest/by-id/${systemId}/?op=get_preseed`);
	const parse = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(json.loads(sys.argv[1])["text"])))';
	const preseed = await python(parse, { text: await answer.text() });
	const found = await request({ ...preseed.datasource.MAAS });
	assert.deepEqual([found.found, found.metadata['instance-id'], found.user], [true, systemId, null]);
	assert.match(found.vendor, /"runcmd": \[\n {2}"rm -rf \/run\/netplan"/);
});
