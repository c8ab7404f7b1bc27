import type { HardwareType } from './scriptHeader.ts';
import type { YamlValue } from './yamlSubset.ts';

/** A script that the agent can run on a machine: builtin (controller/agent/scripts) or an operator's own. */
export interface Script {
	readonly name: string;
	readonly title: string;
	readonly kind: 'commissioning' | 'testing' | 'deployment' | 'release';
	/** 0: no limit */
	readonly timeoutSeconds: number;
	readonly tags: readonly string[];
	readonly content: string;
	/** what it looks at, or tests */
	readonly hardwareType?: HardwareType;
	/** may destroy data */
	readonly destructive?: boolean;
	/** `pci:VVVV:PPPP`, `system_vendor:…` and the like; empty: for all machines */
	readonly forHardware?: readonly string[];
	/** as its header declares them: what people may tell it */
	readonly parameters?: Readonly<Record<string, YamlValue>>;
}

/** One shell word: safe for any text, also with quotes and newlines. */
export function shellQuote(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * The program with its parameters exported in front of its first command. Only for `#!/bin/sh` and bash programs: those in other
 * languages get their parameters from no one and are answered unchanged.
 */
export function withParameters(content: string, parameters: Readonly<Record<string, string>>): string {
	const [interpreter = '', ...rest] = content.split('\n');
	if (!/^#!\s*(\/usr)?\/bin\/(env\s+)?(ba|da|busybox\s+)?sh\b/.test(interpreter)) return content;
	const exports = Object.entries(parameters).map(([name, value]) => `export ${name}=${shellQuote(value)}`);
	return [interpreter, ...exports, ...rest].join('\n');
}

/** One call of a program: commands that set variables, and the words of its command line, all in shell syntax. */
export interface ProgramCall {
	readonly before: readonly string[];
	readonly words: readonly string[];
}

/**
 * A shell program that carries `content` behind itself and calls it, in whatever language it is; with several calls it ends with the
 * status of the last one that failed, with none it says so and is content.
 */
export function withCalls(content: string, calls: readonly ProgramCall[]): string {
	const program = '"$TMPDIR/.program"';
	const lines = [
		`chmod 700 ${program} || exit 125`,
		...(calls.length === 0 ? ['echo "This machine has no device of the kind that this script is for."'] : ['failed=0']),
		...calls.flatMap(({ before, words }) => [...before, `${[program, ...words].join(' ')} || failed=$?`]),
		calls.length === 0 ? 'exit 0' : 'exit "$failed"',
	];
	const from = lines.length + 3;
	return ['#!/bin/sh', `tail -n +${from} "$0" >${program} || exit 125`, ...lines, content].join('\n');
}
