import type { HardwareType } from './scriptHeader.ts';

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
