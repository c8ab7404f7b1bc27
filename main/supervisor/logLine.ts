export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line of the controller, ready for the desktop's log file. */
export interface LogLine {
	readonly level: LogLevel;
	readonly text: string;
}

/** Where the controller wrote a line. Its log goes to `errors`, as JSON; `output` is meant for people at a terminal. */
export type LineSource = 'output' | 'errors';

/**
 * Reads a line of the controller. Its log writes JSON objects with pino's numeric levels; whatever else appears among the errors is Node
 * itself speaking, in practice the trace of a crash.
 */
export function readLogLine(line: string, source: LineSource): LogLine {
	const entry = parseObject(line);
	if (!entry || typeof entry.level !== 'number') return { level: source === 'errors' ? 'error' : 'info', text: line };
	const { level, msg, part, time: _time, ...data } = entry;
	const fields = Object.keys(data).length > 0 ? ` ${JSON.stringify(data)}` : '';
	const where = typeof part === 'string' ? `${part}: ` : '';
	return { level: levelOf(entry.level), text: `${where}${typeof msg === 'string' ? msg : ''}${fields}` };
}

/** The sentence of a line that may explain why the controller ended: a logged error, or the head of a crash trace. */
export function explanationIn(line: string): string | undefined {
	const entry = parseObject(line);
	if (entry) return typeof entry.level === 'number' && entry.level >= 50 && typeof entry.msg === 'string' ? entry.msg : undefined;
	return /^(?:Uncaught )?\w*(?:Error|Exception)(?: \[\w+\])?: (.+)$/.exec(line)?.[1];
}

function levelOf(pinoLevel: number): LogLevel {
	if (pinoLevel >= 50) return 'error';
	if (pinoLevel >= 40) return 'warn';
	return pinoLevel >= 30 ? 'info' : 'debug';
}

function parseObject(line: string): Record<string, unknown> | undefined {
	if (!line.startsWith('{')) return undefined;
	try {
		return JSON.parse(line) as Record<string, unknown>;
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}
