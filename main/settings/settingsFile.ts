import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { defaultSettings, readSettings, type Settings } from './settings.ts';

/** The settings in memory and in their file. */
export interface SettingsFile {
	current(): Settings;
	/** Changes some fields and writes the file. A file that can't be written costs only the memory of it, and a line in the log. */
	change(some: Partial<Settings>): void;
}

/** Opens the file, or begins with the defaults. A file that can't be read as settings is set aside as `<file>.broken`, never overwritten. */
export function openSettingsFile(file: string, warn: (text: string) => void): SettingsFile {
	let settings = load(file, warn);
	return {
		current: () => settings,
		change: (some) => {
			settings = { ...settings, ...some };
			try {
				writeWhole(file, `${JSON.stringify(settings, undefined, '\t')}\n`);
			} catch (error) {
				warn(`The settings could not be written to ${file}: ${wordsOf(error)}`);
			}
		},
	};
}

function load(file: string, warn: (text: string) => void): Settings {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
			warn(`The settings could not be read from ${file}: ${wordsOf(error)}`);
		return defaultSettings;
	}
	try {
		return readSettings(JSON.parse(text));
	} catch (error) {
		warn(`The settings in ${file} are broken (${wordsOf(error)}); they were set aside as ${setAside(file, warn)}.`);
		return defaultSettings;
	}
}

function setAside(file: string, warn: (text: string) => void): string {
	const place = `${file}.broken`;
	try {
		renameSync(file, place);
	} catch (error) {
		warn(`${file} could not be renamed: ${wordsOf(error)}`);
	}
	return place;
}

/** Readers see the old file or the new one, also after a power cut: a new file is synced, then takes the old one's name. */
function writeWhole(file: string, text: string) {
	mkdirSync(path.dirname(file), { recursive: true });
	const fresh = `${file}.new`;
	try {
		const descriptor = openSync(fresh, 'w', 0o600);
		try {
			writeSync(descriptor, text);
			fsyncSync(descriptor);
		} finally {
			closeSync(descriptor);
		}
		renameSync(fresh, file);
	} catch (error) {
		rmSync(fresh, { force: true });
		throw error;
	}
}

function wordsOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
