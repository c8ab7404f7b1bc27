import dgram from 'node:dgram';
import { decode, encode } from '../../controller/wire/tftp.ts';

/** `tftpLoad.ts ADDRESS TRANSFERS BLKSIZE WINDOWSIZE SIZE`: so many reads at once; prints seconds and window granted as JSON. */
const [address = '', transfers = '1', blksize = '1468', windowsize = '1', size = '0'] = process.argv.slice(2);

function read(): Promise<{ window: number }> {
	return new Promise((done, failed) => {
		const socket = dgram.createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
		const options = new Map([['blksize', blksize], ...(windowsize === '1' ? [] : [['windowsize', windowsize] as const])] as [
			string,
			string,
		][]);
		const ack = Buffer.of(0, 4, 0, 0);
		let peer = 0;
		let window = 1;
		let blocks = 0;
		let acknowledged = 0;
		let bytes = 0;
		const ask = (): void => socket.send(encode({ kind: 'read', name: 'file', mode: 'octet', options }), 69, address);
		const sendAck = (then?: () => void): void => {
			acknowledged = blocks;
			ack.writeUInt16BE(blocks & 0xffff, 2);
			socket.send(ack, peer, address, then);
		};
		/** A lost packet costs a pause, which shows in the result. */
		const stalled = setInterval(() => (peer === 0 ? ask() : sendAck()), 1000);
		const finish = (): void => {
			clearInterval(stalled);
			socket.close();
			if (bytes === Number(size)) done({ window });
			else failed(new Error(`${bytes} bytes`));
		};
		socket.on('message', (packet, from) => {
			if (peer === 0) peer = from.port;
			if (peer !== from.port) return;
			stalled.refresh();
			if (packet[1] !== 3) {
				const heard = decode(packet);
				if (heard.kind !== 'options') return failed(new Error(JSON.stringify(heard)));
				window = Number(heard.options.get('windowsize') ?? 1);
				return sendAck();
			}
			if (packet.readUInt16BE(2) !== ((blocks + 1) & 0xffff)) {
				// RFC 7440: one report of a gap starts a new window, counted from there.
				if (window > 1 && acknowledged !== blocks) sendAck();
				return;
			}
			blocks++;
			bytes += packet.length - 4;
			const last = packet.length - 4 < Number(blksize);
			if (last) sendAck(finish);
			else if (blocks - acknowledged === window) sendAck();
		});
		socket.bind(0, ask);
	});
}

const began = performance.now();
const ends = await Promise.all(Array.from({ length: Number(transfers) }, read));
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000, window: ends[0]?.window }));
