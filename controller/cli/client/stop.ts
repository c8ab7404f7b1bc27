/** Why the command line ends early. The text goes to stderr; the code to the shell (README, “Command line”). */
export class Stop extends Error {
	readonly exit: ExitCode;
	constructor(exit: ExitCode, text: string) {
		super(text);
		this.exit = exit;
	}
}

/** 1 refused or failed · 2 the command was not understood · 3 the server can't be reached · 4 not signed in, or not allowed · 5 what was waited for failed */
export type ExitCode = 1 | 2 | 3 | 4 | 5;
