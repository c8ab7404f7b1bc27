import type { Parts } from '../../parts.ts';
import { type Implemented, on, resource } from '../resource.ts';

export const versionResource = resource({
	name: 'VersionHandler',
	path: 'version/',
	doc: 'What this server is, and what it can do.',
	actions: { read: { doc: 'Show version and capabilities.', who: 'anyone' } },
});

/**
 * The version of MAAS whose API this is, since clients decide by it what to ask: python-libmaas, for one, parses it as numbers with
 * dots. 3.7 is the last line of releases, and the one whose calls today's clients know. Metaldesk's own version is the subversion.
 */
const MAAS_VERSION = '3.7.0';

/** All of MAAS's; Juju looks for `network-deployment-ubuntu`, python-libmaas signs in only where there is `authenticate-api`. */
const CAPABILITIES = [
	'networks-management',
	'static-ipaddresses',
	'ipv6-deployment-ubuntu',
	'devices-management',
	'storage-deployment-ubuntu',
	'network-deployment-ubuntu',
	'bridging-interface-ubuntu',
	'bridging-automatic-ubuntu',
	'authenticate-api',
];

export const versionHandlers = ({ version }: Parts): Implemented[] => [
	on(versionResource, {
		read: () => ({ capabilities: CAPABILITIES, version: MAAS_VERSION, subversion: `metaldesk-${version}` }),
	}),
];
