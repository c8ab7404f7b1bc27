import { Check, Copy as CopyIcon } from 'lucide-react';
import { useState } from 'react';
import { Button } from './Button.tsx';
import { attempt } from './Toasts.tsx';

/** Copies `text` and says so for two seconds. */
export function Copy({ text, label, words }: { text: string; label: string; words?: string }) {
	const [copied, setCopied] = useState(false);
	const press = async () => {
		if (!(await attempt(() => navigator.clipboard.writeText(text)))) return;
		setCopied(true);
		setTimeout(() => setCopied(false), 2000);
	};
	return (
		<Button look="quiet" size="small" aria-label={copied ? 'Copied' : label} onPress={() => void press()}>
			{copied ? <Check size={14} /> : <CopyIcon size={14} />}
			{words}
		</Button>
	);
}
