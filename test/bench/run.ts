/** `npm run bench [-- NAME…]`: every benchmark, one after the other. Each prints ratios against its peer, measured in turns in the same run. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const all = ['dhcp', 'tftp', 'ipmi', 'idle', 'machines', 'allocate', 'rack'];
const given = process.argv.slice(2);
const wanted = given.filter((word) => !/^\d/.test(word));
/** sizes and seconds, for those benchmarks that take them */
const numbers = given.filter((word) => /^\d/.test(word));
const unknown = wanted.find((name) => !all.includes(name));
if (unknown) {
	console.error(`There is no benchmark “${unknown}”: ${all.join(', ')}`);
	process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : all) {
	console.log(`\n== ${name}`);
	const { status } = spawnSync(process.execPath, [path.join(import.meta.dirname, `${name}.ts`), ...numbers], {
		stdio: 'inherit',
	});
	if (status !== 0) process.exitCode = 1;
}
