/**
 * Words that people add to the kernel command line of a network boot: of a tag, or of the whole rack (config `kernel_opts`). They go
 * through iPXE's and GRUB's scripts, both of which have a language of their own, to a kernel that reads quotes once more.
 */

const MAX_LENGTH = 1024;
/** What the boot itself says to the agent. */
const OURS = /^"?(metaldesk\.|BOOTIF=|initrd=)/i;

/** Why a text can't be added, or `null`. */
export function kernelOptionsProblem(text: string): string | null {
	if (text.length > MAX_LENGTH) return `Kernel options have at most ${MAX_LENGTH} characters.`;
	if (!/^[\x20-\x7e\t]*$/.test(text)) return 'Kernel options are one line of ASCII characters.';
	// iPXE expands ${…} and has no way to write it otherwise; neither loader passes the others on unharmed
	const strange = /\$\{|[\\'`]/.exec(text)?.[0];
	if (strange !== undefined) return `Kernel options can’t have ${strange}: boot loaders give it a meaning of their own.`;
	if ((text.match(/"/g) ?? []).length % 2 === 1) return 'A double quote is not closed.';
	for (const word of kernelWords(text)) {
		if (/^[&|;<>(){}!#]+$/.test(word)) return `“${word}” would end the command of the boot loader.`;
		if (OURS.test(word)) return `“${word.slice(0, 40)}” is set by the boot itself.`;
	}
	return null;
}

/** The options one by one; blanks within double quotes part nothing. */
export const kernelWords = (text: string): string[] => text.match(/(?:"[^"]*"|[^\s"])+/g) ?? [];

/** For GRUB (iPXE passes words on as it finds them), whose script reads `$`, `;` and braces; it puts a word with blanks into quotes again when it calls the kernel. */
export const grubOptions = (words: readonly string[]): string[] =>
	words.map((word) => (/^[\w.,:=/@%+-]+$/.test(word) ? word : `'${word.replaceAll('"', '')}'`));
