import { execFileSync } from 'node:child_process';

/**
 * For the `skip` of a test that needs a program: false when it is there, else a sentence that says what to install. In CI nothing is
 * skipped, so there it throws and the file fails.
 */
export function needs(program: string, debianPackage: string): string | false {
	try {
		execFileSync('/bin/sh', ['-c', `PATH="$PATH:/usr/sbin:/sbin" command -v ${program}`], { stdio: 'ignore' });
		return false;
	} catch {
		return refuse(`needs ${program}: apt-get install ${debianPackage}`);
	}
}

/** Likewise for tests that make network namespaces. */
export function needsRoot(): string | false {
	return process.getuid?.() === 0 ? false : refuse('needs root, to make network namespaces: run the tests with sudo');
}

function refuse(sentence: string): string {
	if (process.env.CI) throw new Error(`In CI every test runs; this one ${sentence}`);
	return sentence;
}
