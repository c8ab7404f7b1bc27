import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { shellQuote, withParameters } from '../../../controller/domain/script.ts';

test('a real shell reads each quoted text as one word, whatever is in it', () => {
	fc.assert(
		// a shell’s words hold no NUL
		fc.property(
			fc.array(
				fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
				{ maxLength: 5 },
			),
			(texts) => {
				const out = execFileSync('/bin/sh', ['-c', `printf '%s\\0' begin ${texts.map(shellQuote).join(' ')}`]);
				assert.deepEqual(out, Buffer.from(['begin', ...texts].map((text) => `${text}\0`).join('')));
			},
		),
		{ numRuns: 50 },
	);
});

test('parameters come after the interpreter and before the first command', () => {
	for (const interpreter of ['#!/bin/sh', '#! /bin/bash -e', '#!/usr/bin/env bash', '#!/bin/dash', '#!/bin/busybox sh'])
		assert.equal(
			withParameters(`${interpreter}\necho "$NAME"\n`, { NAME: "it's", MODE: '$(reboot)' }),
			`${interpreter}\nexport NAME='it'\\''s'\nexport MODE='$(reboot)'\necho "$NAME"\n`,
		);
});

test('a program in another language is left alone', () => {
	for (const program of ['#!/usr/bin/python3\nprint(1)\n', '#!/usr/bin/perl\n', 'no interpreter\n', ''])
		assert.equal(withParameters(program, { NAME: 'value' }), program);
});

test('parameters reach the script as they are, whatever they hold', () => {
	const body = '#!/bin/sh\nprintf %s "$DISK"\n';
	const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0') && Buffer.from(value).toString() === value);
	fc.assert(
		fc.property(text, (value) => {
			const whole = withParameters(body, { DISK: value });
			assert.ok(whole.startsWith('#!/bin/sh\n'));
			assert.equal(execFileSync('busybox', ['sh'], { input: whole }).toString(), value);
		}),
		{ numRuns: 40, examples: [['it\'s $(touch /tmp/x) `id` \\ \n" end']] },
	);
});
