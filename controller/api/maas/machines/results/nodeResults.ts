import { boolean, choice, list, text } from '../../parameters.ts';
import { resource } from '../../resource.ts';

const which = {
	hardware_type: text('Results of scripts for this hardware: node, cpu, memory, storage, network, gpu, or its number.', {
		max: 16,
	}),
	filters: list('Results of these scripts, by name or tag.'),
};
const shown = { ...which, include_output: boolean('With what the scripts printed.') };

/** `nodes/{system_id}/results/` (facts §2.19): the sets of results that a node has. */
export const scriptResultsResource = resource({
	name: 'NodeScriptResultsHandler',
	path: 'nodes/{system_id}/results/',
	doc: 'Results of the scripts that a machine has run, in sets: of one commissioning, test, installation or release each.',
	actions: {
		read: {
			doc: 'List the sets, the newest first.',
			who: 'user',
			parameters: {
				...shown,
				type: text('commissioning, testing, installation, release or deployment, or its number.', { max: 16 }),
			},
		},
	},
});

export const scriptResultResource = resource({
	name: 'NodeScriptResultHandler',
	path: 'nodes/{system_id}/results/{id}/',
	doc: 'One set: by its number, or current-commissioning, current-testing, current-installation.',
	actions: {
		read: { doc: 'Show a set.', who: 'user', parameters: shown },
		update: {
			doc: 'Suppress failures that have been looked at, so that they count no more.',
			who: 'editor',
			parameters: { ...which, suppressed: boolean('Whether they are suppressed.') },
		},
		delete: { doc: 'Delete a set with its output.', who: 'admin' },
		download: {
			doc: 'What the scripts printed, as text or archive.',
			who: 'user',
			get: true,
			parameters: {
				...which,
				output: choice('Which of their outputs.', ['combined', 'stdout', 'stderr', 'result', 'all']),
				filetype: choice('Text, or an archive with a file for each.', ['txt', 'tar.xz']),
			},
		},
	},
});

/** The older way to them: one list for all machines, without sets. */
export const nodeResultsResource = resource({
	name: 'NodeResultsHandler',
	path: 'commissioning-results/',
	also: ['installation-results/'],
	doc: 'What commissioning and installation scripts printed, over all machines.',
	actions: {
		read: {
			doc: 'List results, the newest of each script.',
			who: 'user',
			parameters: {
				system_id: list('Of these machines.'),
				name: list('Of these scripts.'),
				result_type: text('0 or commissioning, 1 or installation, 2 or testing.', { max: 16 }),
			},
		},
	},
});
