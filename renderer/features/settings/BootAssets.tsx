import { command } from '../../api/client.ts';
import { useLive } from '../../api/live.ts';
import { Ago } from '../../components/Ago.tsx';
import { Button } from '../../components/Button.tsx';
import { bytes } from '../../components/format.ts';
import { Glyph } from '../../components/Glyph.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Progress } from '../../components/Progress.tsx';
import { attempt } from '../../components/Toasts.tsx';

/** The state of the system that machines boot, and the button that builds it. */
export function BootAssets() {
	const assets = useLive((state) => state.bootAssets);
	if (!assets) return null;
	const build = () => void attempt(() => command('bootAssets.build', {}));
	return (
		<div className="panel boot-assets stack">
			{assets.state === 'building' && assets.progress && (
				<Progress
					label={assets.progress.text}
					done={assets.progress.done}
					total={assets.progress.total}
					right={`${assets.progress.step} · ${Math.round((assets.progress.done / Math.max(1, assets.progress.total)) * 100)} %`}
				/>
			)}
			{assets.problem && <Problem text={assets.problem.text} nextStep={assets.problem.nextStep} />}
			{assets.state === 'ready' && (
				<div className="row wrap">
					<Glyph tone="good" />
					<strong>Ready</strong>
					<code>{assets.kernel}</code>
					<span className="muted num">
						{assets.packages} packages · {bytes(assets.size)}
						{assets.builtAt && (
							<>
								{' · built '}
								<Ago at={assets.builtAt} />
							</>
						)}
					</span>
					<span className="push" />
					<Button onPress={build}>Build again</Button>
				</div>
			)}
			{(assets.state === 'missing' || assets.state === 'failed') && (
				<div className="row wrap">
					<Glyph tone={assets.state === 'failed' ? 'bad' : 'neutral'} />
					<span className="muted grow">
						Made from signed Debian packages: a kernel, its boot loaders, and the inventory tools.
					</span>
					<Button look="primary" onPress={build}>
						{assets.state === 'failed' ? 'Try again' : 'Build boot assets'}
					</Button>
				</div>
			)}
		</div>
	);
}
