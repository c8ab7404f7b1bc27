import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCleanup } from '../lab/cleanup.ts';
import { run } from '../lab/command.ts';
import { createNetwork } from '../lab/rack/network.ts';
import { needsRoot } from '../support/needs.ts';

const alive = (pid: string) =>
	access(`/proc/${pid}`).then(
		() => true,
		() => false,
	);

describe("the lab's network", { skip: needsRoot(), timeout: 60_000 }, () => {
	it('is one of two with the same addresses, and neither sees the other or this computer', async () => {
		const cleanup = createCleanup((text) => assert.fail(text));
		try {
			const [one, other] = [await createNetwork('192.168.77'), await createNetwork('192.168.77')];
			cleanup.add('one', () => one.close());
			cleanup.add('other', () => other.close());
			await one.addTaps(1);
			const names = async (enter: readonly string[]) =>
				(JSON.parse(await run([...enter, 'ip', '-json', 'link'])) as { ifname: string }[]).map(({ ifname }) => ifname);
			assert.deepEqual(await names(one.enter), ['lo', 'br0', 'br1', 'm1', 'm1s']);
			assert.deepEqual(await names(other.enter), ['lo', 'br0', 'br1']);
			assert.equal(await run([...one.enter, 'ip', 'route', 'show', 'default']), '', 'no way out');
		} finally {
			await cleanup.run();
		}
	});

	it('ends with everything in it when the program that made it is killed', async () => {
		const program = `
			import { spawn } from 'node:child_process';
			import { createNetwork } from ${JSON.stringify(join(import.meta.dirname, '../lab/rack/network.ts'))};
			const network = await createNetwork('192.168.77');
			const [command, ...rest] = [...network.live, 'sh', '-c', 'read -r id rest < /proc/self/stat; echo $id; exec sleep 1000'];
			spawn(command, rest, { stdio: ['ignore', 'inherit', 'inherit'] });
			setInterval(() => undefined, 1000);
		`;
		const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		const [pid] = (await once(createInterface(child.stdout), 'line')) as [string];
		assert.match(await readFile(`/proc/${pid}/comm`, 'utf8'), /sleep|sh/);
		child.kill('SIGKILL');
		for (let left = 50; (await alive(pid)) && left > 0; left -= 1) await sleep(100);
		assert.equal(await alive(pid), false, 'what ran inside is gone within 5 s');
	});
});
