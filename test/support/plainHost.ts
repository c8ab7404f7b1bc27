import type { Host } from '../../controller/domain/host.ts';

/** A computer without cards, for tests that give it their own. */
export const plainHost: Host = {
	...{ hostname: 'rack.example.org', architecture: 'amd64', cpuCount: 8, cpuModel: null, cpuSpeed: null, memory: 2 ** 34 },
	...{ osystem: 'debian', series: 'bookworm', cards: [] },
};
