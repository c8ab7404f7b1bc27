/** The proof of a deployment: a login with the user's key, from inside the lab's network. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, run } from '../command.ts';

export interface SshKey {
	privateFile: string;
	/** one line, as in authorized_keys */
	publicKey: string;
}

export interface SshLogin {
	address: string;
	hostname: string;
	uptimeSeconds: number;
}

/** The default user of Debian's cloud-init. */
const user = 'debian';

export async function makeSshKey(directory: string): Promise<SshKey> {
	const privateFile = join(directory, 'ssh-key');
	await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'metaldesk lab', '-f', privateFile]);
	return { privateFile, publicKey: (await run(['cat', `${privateFile}.pub`])).trim() };
}

/** Tries until it gets in; throws with ssh's last words after `limitMs`. `enter` is the prefix of commands in the lab's network. */
export async function login(enter: readonly string[], key: SshKey, address: string, limitMs: number): Promise<SshLogin> {
	// The machine was made a minute ago, on a network that nobody else is on: there is no host key to compare with.
	const trust = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
	const quiet = ['-F', '/dev/null', '-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes', '-o', 'ConnectTimeout=5'];
	const argv = [...enter, 'ssh', '-i', key.privateFile, ...trust, ...quiet, `${user}@${address}`, 'hostname && cat /proc/uptime'];
	let said = '';
	for (const until = Date.now() + limitMs; Date.now() < until; await sleep(1000)) {
		const result = await attempt(argv, { timeoutMs: 30_000 });
		const [hostname = '', uptime = ''] = result.stdout.trim().split('\n');
		if (result.status === 0) return { address, hostname, uptimeSeconds: Number.parseFloat(uptime) };
		said = result.stderr.trim().split('\n').at(-1) ?? '';
	}
	throw new Error(`no SSH login as ${user}@${address} within ${Math.round(limitMs / 1000)} s: ${said || 'no answer'}`);
}
