import { readConfig, UsageError, usage } from './config.ts';
import { type Controller, DataInUse, startController } from './index.ts';
import { createLog } from './log.ts';

/**
 * The controller as a process of its own: started by the desktop's supervisor (with an IPC channel), by systemd, by a shell or by
 * the lab. Prints `ready URL` when all answers; ends cleanly on SIGTERM, SIGINT and when its supervisor goes.
 * Exit codes: 0 stopped, 1 failed to start, 2 bad option, 3 the data folder is in use.
 */
export async function serve(args: readonly string[]): Promise<void> {
	const config = orExit(() => readConfig(args, process.env));
	// nothing that this process starts needs the window's token
	delete process.env.METALDESK_LAUNCH_TOKEN;
	const log = createLog(config.logLevel);
	let controller: Controller;
	try {
		controller = await startController(config, log);
	} catch (error) {
		const text = error instanceof Error ? error.message : String(error);
		end(
			error instanceof DataInUse ? 3 : 1,
			(error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? portTaken(config.http) : text,
		);
		return;
	}
	const host = config.http.host === '0.0.0.0' ? '127.0.0.1' : config.http.host;
	const url = `http://${host.includes(':') ? `[${host}]` : host}:${controller.port}/MAAS`;
	if (config.launchToken !== null) tellServing(controller);
	process.stdout.write(`ready ${url}\n`);
	process.send?.({ ready: true, port: controller.port, url });
	log.info('ready', { url, data: config.data });

	let stopping = false;
	const stop = async (why: string) => {
		if (stopping) return;
		stopping = true;
		log.info('stopping', { why });
		// sockets of a stuck peer must not hold the network open: stop means stop
		setTimeout(() => process.exit(0), 5000).unref();
		await controller.stop();
		process.exit(0);
	};
	for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
	process.on('disconnect', () => void stop('the desktop has gone'));
	process.on('message', (message: { stopServing?: boolean }) => {
		if (message?.stopServing) void stopServing(controller);
	});
	// after a bug nobody knows what is half done: the supervisor or systemd starts a fresh process, which picks every machine up again
	process.on('uncaughtException', (error) => {
		log.error('a bug ends the controller', { error: String(error.stack) });
		process.exit(70);
	});
	process.on('unhandledRejection', (error) =>
		log.error('unhandled', { error: String(error instanceof Error ? error.stack : error) }),
	);
}

/** For the tray: what is being answered, whenever it changes. */
function tellServing({ parts }: Controller): void {
	let said = '';
	const tell = async () => {
		const serving = (await parts.interfaces.list()).filter((each) => each.state === 'serving').map((each) => each.card.name);
		const leases = [...parts.store.leases.countBound(parts.now().toISOString()).values()].reduce((sum, count) => sum + count, 0);
		const machinesBusy = parts.store.machines.all().filter((machine) => machine.deadlineAt !== null).length;
		const message = { serving: { interfaces: serving, leases, machinesBusy } };
		if (JSON.stringify(message) === said) return;
		said = JSON.stringify(message);
		process.send?.(message);
	};
	const tellLater = () => void tell().catch(() => parts.log.debug('the tray could not be told'));
	parts.interfaces.onChange(tellLater);
	setInterval(tellLater, 5000).unref();
	tellLater();
}

async function stopServing({ parts }: Controller): Promise<void> {
	for (const { card, mode } of await parts.interfaces.list())
		if (mode !== 'off') await parts.interfaces.setMode(card.name, 'off', null, 'the tray');
}

function portTaken({ host, port }: { host: string; port: number }): string {
	return `Port ${port} on ${host} is taken by another program: stop it, or choose another with --http HOST:PORT.`;
}

function orExit<Value>(read: () => Value): Value {
	try {
		return read();
	} catch (error) {
		if (error instanceof UsageError) end(2, `${error.message}\n\n${usage}`);
		throw error;
	}
}

function end(code: number, text: string): void {
	process.stderr.write(`metaldesk: ${text}\n`);
	if (!process.send) process.exit(code);
	process.send({ exit: text.split('\n')[0] }, () => process.exit(code));
}

if (import.meta.main) {
	const [command, ...rest] = process.argv.slice(2);
	await serve(command === 'serve' ? rest : process.argv.slice(2));
}
