import { Command, CommanderError } from 'commander';
import { usage } from '../config.ts';
import { adminCreate, adminSetActive, apiKey } from './accounts.ts';
import { bootAssetsBuild } from './bootAssets.ts';

/** Commands about the controller on this machine. Exit codes: 0 done, 1 failed (one sentence on stderr), 2 bad option. */
const program = new Command('metaldesk')
	.description('Metal as a service for one rack')
	.exitOverride()
	.showHelpAfterError()
	.addHelpText(
		'after',
		`
Of a server, here or elsewhere:
  login PROFILE URL KEY             remember a server and an API key (- reads the key from standard input)
  PROFILE NOUN VERB [key=value…]    any call of its API; --json, --watch, --wait, --help
  list, logout PROFILE, refresh PROFILE
  completion bash|zsh               for the shell: source <(metaldesk completion bash)`,
	);

program
	.command('serve')
	.description('run the controller')
	.allowUnknownOption()
	.allowExcessArguments()
	.helpOption(false)
	.addHelpText('after', usage)
	.action(async (_options, command: Command) => {
		if (command.args.includes('--help')) {
			process.stdout.write(`${usage}\n`);
			return;
		}
		const { serve } = await import('../process.ts');
		await serve(command.args);
	});

const bootAssets = program.command('boot-assets').description('kernel, initramfs and loaders that machines boot');
bootAssets
	.command('build')
	.description('assemble them from Debian packages, without root')
	.option('--data <dir>', 'the controller’s folder')
	.option('--out <dir>', 'where the finished files go (default: in the data folder)')
	.option('--mirror <url>', 'Debian archive to use in place of the system’s own')
	.option('--profile <name>', 'full: server hardware; qemu: virtual machines only', 'full')
	.option('--compress <method>', 'zstd or gzip', 'zstd')
	.action(bootAssetsBuild);

const admin = program.command('admin').description('administrators, and who may sign in');
admin
	.command('create')
	.description('make an administrator; the password is read from standard input')
	.option('--data <dir>', 'the controller’s folder')
	.requiredOption('--username <name>')
	.option('--password-stdin', 'read the password from standard input (the only way)')
	.action(adminCreate);
for (const [name, active, description] of [
	['disable', false, 'refuse a user everywhere: page, API keys, password'],
	['enable', true, 'let a user in again'],
] as const)
	admin
		.command(name)
		.description(description)
		.option('--data <dir>', 'the controller’s folder')
		.requiredOption('--username <name>')
		.action(adminSetActive(active));

program
	.command('apikey')
	.description('make an API key and print it as consumer:token:secret')
	.option('--data <dir>', 'the controller’s folder')
	.requiredOption('--username <name>')
	.action(apiKey);

try {
	await program.parseAsync();
} catch (error) {
	if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
	else {
		process.stderr.write(`metaldesk: ${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = 1;
	}
}
