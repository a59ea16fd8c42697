// Every page and everything that opens over one, in both themes and at every width: axe finds nothing, nothing sticks
// out sideways or is cut off, nothing complains.
import { expect } from "@playwright/test";
import { looksRight } from "../support/looks.js";
import { overlays } from "../support/overlays.js";
import { opens, troubles } from "../support/person.js";
import { pages, type World, world } from "../support/places.js";
import { test } from "../support/shared.js";

let here: World;

test.beforeAll(async ({ shared }) => {
  here = await world(shared);
});

for (const place of [...pages, ...overlays]) {
  test(place.name, async ({ page }) => {
    const found = troubles(page);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    if (place.name.startsWith("sign-in")) await page.context().clearCookies();
    const address = here.url + place.at(here);
    await (place.alone ? page.goto(address) : opens(page, address));
    await place.open?.(page);
    await expect(place.shows(page)).toBeVisible({ timeout: 60_000 });
    await looksRight(page, async () => {
      if (!place.onPhones) return;
      await page.keyboard.press("Escape");
      await place.open?.(page);
    });
    expect(found.filter((one) => !place.refused || !one.includes(`status of ${place.refused}`))).toEqual([]);
  });
}
