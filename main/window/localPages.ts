import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol, type Session } from 'electron';
import type { CallName } from '../ipc/contract.ts';
import { localOrigin } from './allowed.ts';

/**
 * The pages that are shown while there is no controller to serve any: one says that it starts, the other why it does not. They come
 * through a scheme of their own, because `file:` pages could read the disk and `data:` pages have no origin to check calls by.
 */
export const localPages = { starting: `${localOrigin}/starting`, failed: `${localOrigin}/failed` } as const;

/** What the page about a failure tells. `reason` is a sentence for people. */
export interface Failure {
	/** Whether the controller failed, or only the page that shows it. */
	readonly of: 'controller' | 'page';
	readonly reason: string;
	readonly logFile: string;
}

/** Has to be called before Electron is ready. */
export function registerLocalScheme() {
	protocol.registerSchemesAsPrivileged([{ scheme: 'metaldesk', privileges: { standard: true, secure: true } }]);
}

/** Serves the pages in `session`; `failure` is asked each time the page about it is loaded. */
export function serveLocalPages(session: Session, icons: string, failure: () => Failure) {
	const files: Record<string, () => string | Promise<string>> = {
		'/starting': () => document('starting', 'Starting', startingBody),
		'/failed': () => failedPage(failure()),
		'/page.css': () => styles,
		'/page.js': () => script,
		'/mark.svg': () => readFile(path.join(icons, 'metaldesk.svg'), 'utf8'),
	};
	session.protocol.handle('metaldesk', async ({ url }) => {
		const { pathname } = new URL(url);
		const content = await files[pathname]?.();
		if (content === undefined) return new Response('There is no such page.', { status: 404 });
		return new Response(content, {
			headers: { 'content-type': types[path.extname(pathname)] ?? 'text/html; charset=utf-8', 'content-security-policy': policy },
		});
	});
}

const types: Record<string, string> = { '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

function document(kind: keyof typeof localPages, title: string, body: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
</head>
<body><main class="${kind}"><img src="/mark.svg" alt="" width="72" height="72">${body}</main></body>
</html>`;
}

const startingBody = `
<h1 role="status" id="state">Starting Metaldesk</h1>
<div class="progress" aria-hidden="true"></div>
<div class="late">
<p>This takes longer than usual. The log says what it is doing.</p>
<p><button type="button" data-call="openLogFolder">Open log folder</button></p>
</div>`;

const failures = {
	controller: {
		title: 'The controller is not running',
		meaning: 'Until it runs, this Metaldesk answers no machine.',
		call: 'restartController',
	},
	page: {
		title: 'The page can not be shown',
		meaning: 'The controller is not concerned: machines are answered as before.',
		call: 'reopenPage',
	},
} as const satisfies Record<Failure['of'], { title: string; meaning: string; call: CallName }>;

function failedPage({ of, reason, logFile }: Failure): string {
	const { title, meaning, call } = failures[of];
	return document(
		'failed',
		title,
		`
<h1>${title}</h1>
<p role="alert" class="reason">${escaped(reason)}</p>
<p>${meaning}</p>
<p class="buttons">
<button type="button" class="primary" data-call="${call}" autofocus>Try again</button>
<button type="button" data-call="openLogFolder">Open log folder</button>
</p>
<p class="log">Log: <code>${escaped(logFile)}</code></p>`,
	);
}

/** The reason may hold a machine's or another program's words. */
function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const script = `
for (const button of document.querySelectorAll('[data-call]')) {
	button.addEventListener('click', () => window.desktop[button.dataset.call]());
}
const state = document.getElementById('state');
if (state) window.desktop.onController((now) => {
	state.textContent = now.state === 'waiting' ? 'The controller stopped and is started again' : 'Starting Metaldesk';
});
`;

/** The colours are those of renderer/styles/tokens.css, so that the change to the controller's page is not seen as one. */
const styles = `
:root {
	color-scheme: light dark;
	--canvas: light-dark(#f3f4f6, #0e1013);
	--surface: light-dark(#ffffff, #1c2026);
	--line: light-dark(#8b93a1, #666f7d);
	--ink: light-dark(#14181f, #e9ecf1);
	--ink-2: light-dark(#4a5363, #aab2bf);
	--accent: light-dark(#1f5fd6, #2f6fe4);
	--focus: light-dark(#1f5fd6, #79b0ff);
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--canvas); color: var(--ink-2);
	font: 400 14px/1.55 Inter, ui-sans-serif, system-ui, "Segoe UI", Cantarell, sans-serif; cursor: default; }
.starting { animation: fade 0.4s 0.3s backwards; } /* a start as quick as usual shows none of it */
main { box-sizing: border-box; max-width: 560px; padding: 32px; text-align: center; }
img { display: block; margin: 0 auto 24px; }
h1 { margin: 0 0 12px; color: var(--ink); font-size: 20px; font-weight: 600; letter-spacing: -0.015em; line-height: 1.3; }
p { margin: 0 0 8px; text-wrap: balance; }
.reason { color: var(--ink); overflow-wrap: anywhere; user-select: text; cursor: text; }
.buttons { display: flex; gap: 8px; justify-content: center; margin: 24px 0; }
.log { font-size: 12px; overflow-wrap: anywhere; }
code { font-family: "JetBrains Mono", ui-monospace, "DejaVu Sans Mono", monospace; user-select: text; cursor: text; }
button { height: 34px; padding: 0 16px; border: 1px solid var(--line); border-radius: 6px; background: var(--surface); color: var(--ink);
	font: inherit; font-weight: 500; }
button.primary { border-color: transparent; background: var(--accent); color: #fff; }
button:hover { filter: brightness(1.06); }
button:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.progress { width: 180px; height: 3px; margin: 20px auto 24px; border-radius: 2px; overflow: hidden;
	background: color-mix(in srgb, var(--ink-2) 22%, transparent); }
.progress::after { content: ""; display: block; width: 40%; height: 100%; border-radius: inherit; background: var(--accent);
	animation: pass 1.6s cubic-bezier(0.4, 0, 0.2, 1) infinite; }
.late { visibility: hidden; animation: appear 0s 8s forwards; }
@keyframes pass { from { transform: translateX(-100%); } to { transform: translateX(250%); } }
@keyframes fade { from { opacity: 0; } }
@keyframes appear { to { visibility: visible; } }
@media (prefers-reduced-motion: reduce) { .progress::after { width: 100%; animation: none; opacity: 0.5; } }
`;
