// What clusters stand in is made by hand: a group, a pool, its network; what holds something is kept and says what.
import { expect } from "@playwright/test";
import { opens } from "../support/person.js";
import { test } from "../support/shared.js";

test("a group, a pool and its network are made, and a cluster can be named there", async ({ page, shared }) => {
  await opens(page, `${shared.url}/subscriptions`);
  await page.getByText("New resource group").click();
  await page.getByLabel("Name of the group").fill("nightly");
  await page.getByRole("button", { name: "Make the group in Penstock" }).click();
  await expect(page.getByRole("gridcell", { name: "nightly", exact: true })).toBeVisible();

  await opens(page, `${shared.url}/pools/new`);
  await page.getByLabel("Resource group").selectOption("Penstock/nightly");
  await page.getByLabel("Name", { exact: true }).fill("night-");
  await page.getByLabel("Currency").fill("EUR");
  await page.getByLabel("Price of size 1").fill("0.19");
  await page.getByRole("button", { name: "Save the pool" }).click();
  // The mistake stands at its field, and what was typed stays.
  await expect(page.locator("#name-error")).toContainText("does not end with a hyphen");
  await expect(page.getByLabel("Price of size 1")).toHaveValue("0.19");
  await page.getByLabel("Name", { exact: true }).fill("night");
  await page.getByRole("button", { name: "Save the pool" }).click();
  await expect(page.getByRole("heading", { name: "night", level: 1 })).toBeVisible();
  await expect(page.getByRole("gridcell", { name: "0.19 EUR" })).toBeVisible();

  await page.getByRole("link", { name: "Networks" }).click();
  await page.locator("#network-name").fill("net");
  await page.locator("#network-range").fill("127.78.0.0/16");
  await page.getByRole("button", { name: "Make the network" }).click();
  await page.getByText("New subnet").click();
  await page.locator("#new-in-net-name").fill("first");
  await page.locator("#new-in-net-range").fill("127.78.0.0/24");
  await page.getByRole("button", { name: "Make the subnet in net" }).click();
  await expect(page.getByRole("gridcell", { name: "0 of 253" })).toBeVisible();

  await opens(page, `${shared.url}/pools/Penstock/nightly/night/new`);
  await page.getByLabel("Cluster name").fill("first-of-the-night");
  await expect(page.getByLabel("Subnet")).toHaveValue("first");
  await opens(page, `${shared.url}/pools/Penstock/nightly/night/delete`);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Cluster pools", level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: /^night/ })).toHaveCount(0);
});

test("what holds something is kept and says what", async ({ page, shared }) => {
  await opens(page, `${shared.url}/pools/Penstock/streaming/lab/delete`);
  await expect(page.getByRole("navigation", { name: "Scope" }).getByRole("button", { name: "lab" })).toBeVisible();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("has the clusters");
  await opens(page, `${shared.url}/subscriptions`);
  await page.getByRole("button", { name: "Delete the resource group streaming" }).click();
  await expect(page.getByRole("alert")).toContainText("holds the cluster pools lab");
});
