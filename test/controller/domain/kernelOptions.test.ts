import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { grubOptions, kernelOptionsProblem, kernelWords } from '../../../controller/domain/kernelOptions.ts';

test('options that kernels know are let through', () => {
	for (const text of [
		'',
		'nomodeset',
		'console=tty0 console=ttyS1,115200n8',
		'isolcpus=1-7,9 intel_iommu=on iommu=pt',
		'memmap=4G$16G',
		'crashkernel=512M-:192M',
		'dyndbg="file drivers/usb/* +p; func foo +p"',
	])
		assert.equal(kernelOptionsProblem(text), null, text);
});

test('what a boot loader would take for its own is refused, and why', () => {
	for (const [text, problem] of [
		['a\nboot', 'Kernel options are one line of ASCII characters.'],
		['größe=1', 'Kernel options are one line of ASCII characters.'],
		['x=$\x7bnet0/mac}', 'Kernel options can’t have ${: boot loaders give it a meaning of their own.'],
		["x='a'", "Kernel options can’t have ': boot loaders give it a meaning of their own."],
		['a || reboot', '“||” would end the command of the boot loader.'],
		['a ; reboot', '“;” would end the command of the boot loader.'],
		['x="a', 'A double quote is not closed.'],
		['metaldesk.url=http://192.0.2.1/', '“metaldesk.url=http://192.0.2.1/” is set by the boot itself.'],
		['initrd=evil', '“initrd=evil” is set by the boot itself.'],
		['x'.repeat(1025), 'Kernel options have at most 1024 characters.'],
	] as const)
		assert.equal(kernelOptionsProblem(text), problem, text);
});

test('blanks part words, except within double quotes', () => {
	assert.deepEqual(kernelWords('  a  b="c d" e\t"f g"h '), ['a', 'b="c d"', 'e', '"f g"h']);
	assert.deepEqual(grubOptions(['a=1', 'b="c d"', 'm=1$2', '{x}']), ['a=1', "'b=c d'", "'m=1$2'", "'{x}'"]);
});

test('whatever is let through stays on one line, in one GRUB word each', () => {
	fc.assert(
		fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[ -~]{0,60}$/)), (text) => {
			if (kernelOptionsProblem(text) !== null) return true;
			return grubOptions(kernelWords(text)).every((word) => /^([\w.,:=/@%+-]+|'[ -&(-~\t]*')$/.test(word));
		}),
	);
});
