import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { IpmiError } from '../../../controller/ipmi-js/errors.ts';
import type { CipherSuiteId } from '../../../controller/ipmi-js/packet/cipherSuites.ts';
import { decodeResponse, encodeRequest } from '../../../controller/ipmi-js/packet/message.ts';
import { decodePacket15, encodePacket15 } from '../../../controller/ipmi-js/packet/packet15.ts';
import { addressedSession, decodePacket20, encodePacket20 } from '../../../controller/ipmi-js/packet/packet20.ts';
import * as rakp from '../../../controller/ipmi-js/packet/rakp.ts';
import { startBmc } from '../../../controller/simulation/bmc/bmc.ts';
import { type Captured, decodeCapture, formatCapture, parseCapture, startRecorder } from '../../support/ipmiCapture.ts';
import { nextAddress, startIpmiSim } from '../../support/ipmiSim.ts';

/** Conversations of other people's consoles; `UPDATE_GOLDEN=1` records them again. */
const goldens: readonly {
	name: string;
	suite: CipherSuiteId;
	bmc: 'ipmi_sim' | 'ours';
	command: string;
	options: readonly string[];
}[] = [
	{
		name: 'ipmitool-suite3',
		suite: 3,
		bmc: 'ipmi_sim',
		command: 'ipmitool',
		options: ['-I', 'lanplus', '-C', '3', 'chassis', 'status'],
	},
	{
		name: 'ipmitool-suite17',
		suite: 17,
		bmc: 'ours',
		command: 'ipmitool',
		options: ['-I', 'lanplus', '-C', '17', 'power', 'on'],
	},
	{ name: 'ipmitool-lan15', suite: 3, bmc: 'ipmi_sim', command: 'ipmitool', options: ['-I', 'lan', '-A', 'MD5', 'mc', 'info'] },
	{ name: 'ipmipower-suite8', suite: 8, bmc: 'ours', command: 'ipmipower', options: ['-D', 'LAN_2_0', '-I', '8', '--stat'] },
	{ name: 'ipmipower-suite12', suite: 12, bmc: 'ours', command: 'ipmipower', options: ['-D', 'LAN_2_0', '-I', '12', '--stat'] },
];

const folder = new URL('../../golden/ipmi/', import.meta.url);
const run = promisify(execFile);

async function record(golden: (typeof goldens)[number]): Promise<void> {
	const bmc = golden.bmc === 'ours' ? await startBmc() : await startIpmiSim();
	const address = nextAddress();
	const recorder = await startRecorder(bmc, address, 623);
	const [user, secret] = golden.command === 'ipmitool' ? ['-U', '-P'] : ['-u', '-p'];
	const host = [golden.command === 'ipmitool' ? '-H' : '-h', address, user, 'admin', secret, 'secret'] as string[];
	await run(golden.command, [...host, ...golden.options]);
	recorder.stop();
	await bmc.stop();
	await writeFile(new URL(`${golden.name}.hex`, folder), formatCapture(recorder.captured));
	await writeFile(new URL(`${golden.name}.txt`, folder), describe(recorder.captured, golden.suite));
}

const describe = (captured: readonly Captured[], suite: CipherSuiteId): string =>
	decodeCapture(captured, suite, 'secret')
		.map(({ text }) => `${text}\n`)
		.join('');

const load = async (name: string): Promise<Captured[]> => parseCapture(await readFile(new URL(`${name}.hex`, folder), 'utf8'));

for (const golden of goldens) {
	test(`${golden.name}: every packet reads as its text says`, async () => {
		if (process.env.UPDATE_GOLDEN) await record(golden);
		const text = await readFile(new URL(`${golden.name}.txt`, folder), 'utf8');
		assert.equal(describe(await load(golden.name), golden.suite), text);
	});

	test(`${golden.name}: our encoders make the same bytes`, async () => {
		for (const { captured, packet, protection } of decodeCapture(await load(golden.name), golden.suite, 'secret')) {
			// The IV stands at the front of the encrypted payload.
			const iv = () => captured.bytes.subarray(16, 32);
			if (packet) assert.equal(encodePacket20(packet, protection, iv).toString('hex'), captured.bytes.toString('hex'));
			const message = packet ? packet.payload : decodePacket15(captured.bytes, password15).payload;
			if (captured.from === 'bmc' || (packet && packet.payloadType !== 0)) continue;
			const request = { netFn: message.readUInt8(1) >> 2, command: message.readUInt8(5), data: message.subarray(6, -1) };
			assert.equal(encodeRequest({ ...request, sequence: message.readUInt8(4) >> 2 }).toString('hex'), message.toString('hex'));
			if (packet) continue;
			const again = encodePacket15(decodePacket15(captured.bytes, password15), password15);
			assert.equal(again.toString('hex'), captured.bytes.toString('hex'));
		}
	});

	test(`${golden.name}: cut at any length, each packet reads or is a bad reply`, async () => {
		for (const { captured, protection } of decodeCapture(await load(golden.name), golden.suite, 'secret')) {
			for (let length = 0; length < captured.bytes.length; length++) {
				const cut = captured.bytes.subarray(0, length);
				addressedSession(cut);
				onlyBadReply(() => decodePacket20(cut, protection));
				onlyBadReply(() => decodePacket15(cut, password15));
				for (const decode of payloadDecoders) onlyBadReply(() => decode(cut));
				if (protection) assert.throws(() => decodePacket20(cut, protection), { code: 'bad-reply' });
			}
		}
	});

	if (golden.options.includes('lan')) continue;
	test(`${golden.name}: a protected packet with any bit changed is refused`, async () => {
		for (const { captured, protection } of decodeCapture(await load(golden.name), golden.suite, 'secret')) {
			if (!protection) continue;
			// Bytes 1 and 2 of RMCP are reserved and a sequence number that IPMI does not use; the signature begins behind them.
			for (let bit = 24; bit < captured.bytes.length * 8; bit++) {
				const changed = Buffer.from(captured.bytes);
				changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
				assert.throws(() => decodePacket20(changed, protection), { code: 'bad-reply' }, `bit ${bit}`);
			}
		}
	});
}

const password15 = Buffer.concat([Buffer.from('secret'), Buffer.alloc(10)]);
const payloadDecoders = [decodeResponse, rakp.decodeOpenSessionResponse, rakp.decodeRakp2, rakp.decodeRakp4];

function onlyBadReply(decode: () => unknown): void {
	try {
		decode();
	} catch (error) {
		assert.ok(error instanceof IpmiError, String(error));
		assert.equal(error.code, 'bad-reply');
	}
}
