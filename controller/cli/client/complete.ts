import { findVerb, nounsOf, verbOf } from './names.ts';
import { profileNames, readProfile } from './profiles.ts';

/** The program's own commands; everything else in their place is a profile. */
export const COMMANDS = ['serve', 'login', 'logout', 'list', 'refresh', 'completion', 'admin', 'apikey', 'boot-assets'];

/** What can stand at the cursor: `words` are those before it, `current` is what has been typed of the next one. */
export function candidates(words: readonly string[], current: string): string[] {
	return choices(words).filter((choice) => choice.startsWith(current));
}

function choices(words: readonly string[]): string[] {
	const [name, noun, verb, ...rest] = words;
	if (name === undefined) return [...COMMANDS, ...profileNames()];
	const profile = readProfile(name);
	if (!profile) return name === 'completion' ? ['bash', 'zsh'] : name === 'logout' || name === 'refresh' ? profileNames() : [];
	const nouns = nounsOf(profile.description);
	if (noun === undefined) return nouns.map((each) => each.name);
	const handler = nouns.find((each) => each.name === noun)?.handler;
	if (!handler) return [];
	if (verb === undefined)
		return [...handler.actions.map((each) => verbOf(each.name)), ...(noun === 'machines' ? ['explain'] : [])];
	const given = rest.map((word) => word.split('=')[0]);
	const parameters = findVerb(handler, verb)?.parameters ?? [];
	return parameters
		.filter((each) => each.kind === 'list' || !given.includes(each.name))
		.flatMap((each) => (each.choices ? each.choices.map((choice) => `${each.name}=${choice}`) : [`${each.name}=`]))
		.concat('--json', '--help');
}

/** To be put into ~/.bashrc or ~/.zshrc: `source <(metaldesk completion bash)`. */
export const scripts: Readonly<Record<string, string>> = {
	bash: `_metaldesk() {
	local IFS=$'\\n'
	COMPREPLY=($(metaldesk complete "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null))
	[[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace
}
complete -F _metaldesk metaldesk
`,
	zsh: `#compdef metaldesk
_metaldesk() {
	local -a found
	found=("\${(@f)$(metaldesk complete "\${words[CURRENT]}" "\${(@)words[2,CURRENT-1]}" 2>/dev/null)}")
	compadd -S '' -- \${(M)found:#*=}
	compadd -- \${found:#*=}
}
compdef _metaldesk metaldesk
`,
};
