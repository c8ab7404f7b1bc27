import { client } from './client/client.ts';
import { Stop } from './client/stop.ts';

/**
 * The `metaldesk` command. Commands about the controller on this machine are in `local.ts`, everything else is a client of a server's
 * API. Each loads only its own code: a client command must answer at once. Exit codes: README, “Command line”.
 */
const LOCAL = ['serve', 'boot-assets', 'admin', 'apikey', 'help', '--help', '-h', undefined];

if (LOCAL.includes(process.argv[2])) await import('./local.ts');
else {
	// `metaldesk … | head` has read enough: no reason to complain
	process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
	try {
		await client(process.argv.slice(2));
	} catch (error) {
		process.stderr.write(`metaldesk: ${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = error instanceof Stop ? error.exit : 1;
	}
}
