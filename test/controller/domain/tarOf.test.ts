import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { tarOf } from '../../../controller/domain/tarOf.ts';
import { needs } from '../../support/needs.ts';

test('tar lists and unpacks what was put in', { skip: needs('tar', 'tar') }, () => {
	const files = [
		{ name: 'smartctl-validate-sda', bytes: Buffer.from('all is well\n') },
		{ name: 'empty', bytes: Buffer.alloc(0) },
	];
	const archive = tarOf(files, new Date('2026-01-02T03:04:05Z'));
	const ask = (...words: string[]) => spawnSync('tar', words, { input: archive, encoding: 'utf8' });
	assert.deepEqual(ask('-tf', '-').stdout, 'smartctl-validate-sda\nempty\n');
	assert.deepEqual(ask('-xOf', '-', 'smartctl-validate-sda').stdout, 'all is well\n');
});
