import { test } from 'playwright/test';
import { startFixture } from '../support/fixtureController.ts';
import { places } from './places.ts';

// For people to judge, and for the README. `PICTURES=1` runs this instead of the tests (playwright.config.ts).

const sizes = [
	{ width: 1440, height: 900 },
	{ width: 1000, height: 700 },
];

for (const place of places) {
	test(`pictures of ${place.name}`, async ({ page }) => {
		const fixture = await startFixture(place.scenario, { signedIn: place.signedIn ?? true });
		try {
			for (const colorScheme of ['light', 'dark'] as const) {
				await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
				for (const size of sizes) {
					await page.setViewportSize(size);
					await page.goto('about:blank');
					await page.goto(`${fixture.url}${place.hash}`);
					await place.open(page);
					await page.mouse.move(2, 400);
					await page.waitForTimeout(250);
					await page.screenshot({ path: `.cache/screens/${place.name}-${size.width}-${colorScheme}.png` });
				}
			}
		} finally {
			await fixture.close();
		}
	});
}
