/** The npm package's TFTP server as a program for the bench: `tftpPeer.cjs ROOT ADDRESS`. */
const [root, host] = process.argv.slice(2);
const server = require('tftp').createServer({ host, port: 69, root, blockSize: 1468, windowSize: 64, denyPUT: true });
server.on('error', (error) => console.error(error.message));
server.on('listening', () => console.log('serving'));
server.listen();
