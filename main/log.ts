import log from 'electron-log/node';
import { type LineSource, type LogLevel, readLogLine } from './supervisor/logLine.ts';

/** The desktop's log: its own lines and the controller's, in one file. */
export type DesktopLog = Readonly<Record<LogLevel, (text: string) => void>> & {
	/** Files a line that the controller printed under the level that it carries. */
	controllerLine(line: string, source: LineSource): void;
};

const largestBytes = 5 * 1024 ** 2;

/**
 * Opens the log file; at five megabytes it becomes `metaldesk.old.log` and a new one begins. Messages go to standard error as well when
 * there is a terminal. The Node flavour of electron-log is used because the other one opens IPC channels that pages could write to.
 */
export function openLog(file: string): DesktopLog {
	log.transports.file.resolvePathFn = () => file;
	log.transports.file.maxSize = largestBytes;
	log.transports.file.format = '{y}-{m}-{d} {h}:{i}:{s}.{ms} {level} {text}';
	log.transports.console.level = process.stderr.isTTY ? 'info' : false;
	const write = (level: LogLevel, text: string) => log[level](oneLine(text));
	return {
		debug: (text) => write('debug', text),
		info: (text) => write('info', text),
		warn: (text) => write('warn', text),
		error: (text) => write('error', text),
		controllerLine: (line, source) => {
			const { level, text } = readLogLine(line, source);
			write(level, `[controller] ${text}`);
		},
	};
}

/** Machines choose their own names: none of them may forge a line of this file or reprogram the terminal it is read in. */
function oneLine(text: string): string {
	return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, '\u00b7');
}
