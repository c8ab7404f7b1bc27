import type { Errand } from '../../../../flows/machineActions.ts';
import { boolean, list, text, type Values } from '../../parameters.ts';
import type { Call } from '../../resource.ts';

/** What commission and test take, and the creation of a machine that is commissioned at once. */
export const testFields = {
	testing_scripts: list('Tests to run, by name or tag, instead of those tagged “commissioning”; none: no test.'),
	enable_ssh: boolean('Leave it on afterwards, with a shell on its console.'),
	comment: text('Goes into the machine’s history.', { max: 1000 }),
};
export const commissionFields = {
	...testFields,
	commissioning_scripts: list('Scripts of your own to run, by name or tag, beside the builtin ones; empty: all.'),
	skip_bmc_config: boolean('Leave the BMC alone.'),
	skip_networking: boolean('Keep the interfaces as they are.'),
	skip_storage: boolean('Keep the disks as they are.'),
};

type CommissionInput = Partial<Values<typeof commissionFields>>;

/** `rest`: what scripts are told, `<script>_<parameter>`. */
export const errandOf = (input: CommissionInput, rest: Call['rest'] = new Map()): Errand => ({
	comment: input.comment || null,
	scripts: {
		commissioning: input.commissioning_scripts?.length ? input.commissioning_scripts : undefined,
		testing: testsOf(input.testing_scripts),
		parameters: new Map([...rest].map(([name, sent]) => [name, sent.at(-1) ?? ''])),
	},
	options: {
		...(input.enable_ssh ? { stayOn: true } : {}),
		...(input.skip_bmc_config ? { skipBmc: true } : {}),
		...(input.skip_networking ? { skipNetwork: true } : {}),
		...(input.skip_storage ? { skipStorage: true } : {}),
	},
});

function testsOf(words: readonly string[] | undefined): readonly string[] | undefined {
	if (!words || words.length === 0) return undefined;
	return words.length === 1 && words[0] === 'none' ? [] : words;
}
