/** MAAS's ways to write a time, each from ISO 8601 UTC as the store keeps it. */

/** Model objects: `2018-12-06T21:26:18.123`; python-libmaas insists on the fraction and on no zone. */
export const modelTime = (at: string): string => new Date(at).toISOString().replace(/Z$/, '');

/** Events and a subnet's addresses: `Tue, 27 Nov. 2018 18:06:19`. */
export const eventTime = (at: string): string => {
	const [weekday, day, month, year, time] = new Date(at).toUTCString().split(' ');
	return `${weekday} ${day} ${month}. ${year} ${time}`;
};

/** Scripts and results: `Thu, 06 Dec 2018 21:26:18 -0000`. */
export const scriptTime = (at: string): string => new Date(at).toUTCString().replace('GMT', '-0000');

/** A duration as scripts' timeouts and runtimes have it: `0:05:00`, with days before it where there are any. */
export const clockTime = (ms: number): string => {
	const seconds = Math.round(ms / 1000);
	const two = (value: number) => String(value).padStart(2, '0');
	const days = Math.floor(seconds / 86400);
	const clock = `${Math.floor((seconds % 86400) / 3600)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
	return days === 0 ? clock : `${days} day${days === 1 ? '' : 's'}, ${clock}`;
};
