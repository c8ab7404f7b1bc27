// Stands in for controller/process.ts where a test needs a controller that misbehaves or serves without a network.
// It speaks the supervisor's contract exactly; STANDIN holds words that change what it does, separated by spaces:
//   serving     reports two interfaces, 12 leases and a busy machine until it is told to stop
//   deaf        ignores stopServing            stubborn    ignores SIGTERM
//   crash       throws right after its start   refuse      exits 3 with a sentence        badOption  exits 2 without one
//   slow        never says that it is ready
//   hostile     like refuse, with a sentence that looks like a page
//   noPolicy    sends its page without a content security policy
import { createServer } from 'node:http';

const words = new Set((process.env.STANDIN ?? '').split(' '));
const [command, ...given] = process.argv.slice(2);
const option = (name) => given[given.indexOf(name) + 1];
if (command !== 'serve') throw new Error(`unexpected command ${command}`);

log(30, `stand-in ${process.pid} starts`);
if (words.has('crash')) throw new Error('the disk is on fire');
if (words.has('badOption')) process.exit(2);
if (words.has('refuse') || words.has('hostile')) {
	const hostile = '<img src=x onerror="alert(1)"> & \'friends\'';
	process.send({ exit: words.has('hostile') ? hostile : 'Another controller uses this data folder.' });
	process.exitCode = 3;
	process.disconnect();
} else serve();

function serve() {
	const token = process.env.METALDESK_LAUNCH_TOKEN;
	const policy = words.has('noPolicy') ? {} : { 'content-security-policy': "script-src 'self'" };
	const server = createServer((request, response) => {
		const url = new URL(request.url, 'http://stand-in');
		if (url.pathname === '/healthz')
			return response.setHeader('content-type', 'application/json').end(`{"ok":true,"pid":${process.pid}}`);
		if (url.pathname === '/MAAS/enter') {
			if (url.searchParams.get('t') !== token) return response.writeHead(403).end();
			return response.writeHead(302, { location: '/MAAS/r/', 'set-cookie': 'session=1; HttpOnly; SameSite=Strict' }).end();
		}
		if (url.pathname === '/MAAS/page.js') return response.writeHead(200, { 'content-type': 'text/javascript' }).end(pageScript);
		response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...policy }).end(page);
	});
	if (!words.has('slow'))
		server.listen(Number(new URL(`http://${option('--http')}`).port), '127.0.0.1', () => {
			const { port } = server.address();
			process.send({ ready: true, port, url: `http://127.0.0.1:${port}/MAAS` });
			if (words.has('serving')) process.send({ serving: { interfaces: ['eno1', 'eno2'], leases: 12, machinesBusy: 1 } });
		});

	process.on('message', (message) => {
		if (message.stopServing && !words.has('deaf')) process.send({ serving: { interfaces: [], leases: 12, machinesBusy: 0 } });
	});
	process.on('disconnect', () => process.exit());
	process.on('SIGTERM', () => {
		if (!words.has('stubborn')) process.exit();
	});
}

function log(level, msg) {
	process.stderr.write(`${JSON.stringify({ level, time: new Date().toISOString(), part: 'stand-in', msg, token: undefined })}\n`);
}

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Stand-in</title>
<h1>Stand-in controller</h1><p>process <output id="pid"></output></p><script src="/MAAS/page.js"></script></html>`;
const pageScript = `async function look() {
	try { document.getElementById('pid').textContent = (await (await fetch('/healthz')).json()).pid; }
	catch { document.getElementById('pid').textContent = 'none'; }
	setTimeout(look, 100);
}
look();
window.told = [];
window.desktop?.onController((state) => window.told.push(state));`;
