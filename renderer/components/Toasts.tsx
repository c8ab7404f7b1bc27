import { X } from 'lucide-react';
import { create } from 'zustand';
import { Button } from './Button.tsx';
import { Glyph, type Tone } from './Glyph.tsx';
import { inWords } from './words.ts';

interface Toast {
	id: number;
	tone: Tone;
	text: string;
	nextStep: string | null;
}

const useToasts = create<{ toasts: readonly Toast[] }>()(() => ({ toasts: [] }));
let lastId = 0;

/** Good news leave by themselves; a failure stays until it is closed. */
const goodNewsMs = 5000;

function show(tone: Tone, text: string, nextStep: string | null = null): void {
	const id = ++lastId;
	useToasts.setState((state) => ({ toasts: [...state.toasts.slice(-3), { id, tone, text, nextStep }] }));
	if (tone === 'good') setTimeout(() => close(id), goodNewsMs);
}
function close(id: number): void {
	useToasts.setState((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) }));
}

export const toastGood = (text: string): void => show('good', text);

/** Runs a command; a failure becomes a toast. Answers whether it worked. */
export async function attempt(what: () => Promise<unknown>, done?: string): Promise<boolean> {
	try {
		await what();
	} catch (thrown) {
		const { text, nextStep } = inWords(thrown);
		show('bad', text, nextStep);
		return false;
	}
	if (done) toastGood(done);
	return true;
}

export function Toasts() {
	const toasts = useToasts((state) => state.toasts);
	return (
		<section className="toasts" aria-label="Notices" aria-live="polite">
			{toasts.map((toast) => (
				<div key={toast.id} className="toast">
					<Glyph tone={toast.tone} />
					<span>{toast.text}</span>
					<Button look="quiet" size="small" aria-label="Close notice" onPress={() => close(toast.id)}>
						<X size={14} />
					</Button>
					{toast.nextStep && <span className="next">{toast.nextStep}</span>}
				</div>
			))}
		</section>
	);
}
