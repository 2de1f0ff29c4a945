// A Lambda authorizer in JavaScript that reads tokenward's items, written like AWS's samples. For each request it sends one
// consistent GetItem and compares hashes in constant time. It checks tokens and their expiration, but no permissions.
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { createHash, timingSafeEqual } from "node:crypto";
import { compete, isFunction, serve } from "./contender.mjs";

const client = new DynamoDBClient({});
// The rest of a token's last part is its checksum.
const SECRET_LENGTH = 43;
const TableName = process.env.TABLE_NAME;

async function handler(event) {
  const denied = { isAuthorized: false };
  const [prefix, id, secret] = (event.headers.authorization ?? "").replace(/^Bearer /i, "").split("_");
  if (prefix !== "twd" || !id || !secret) return denied;
  const Key = { pk: { S: `TOKEN#${id}` }, sk: { S: "TOKEN" } };
  const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  if (!Item) return denied;
  const hash = createHash("sha256").update(`tokenward/v1:${id}:${secret.slice(0, SECRET_LENGTH)}`).digest();
  if (!timingSafeEqual(hash, Item.secretHash.B)) return denied;
  if (Item.expiresAt && Number(Item.expiresAt.N) <= Date.now() / 1000) return denied;
  return { isAuthorized: true, context: { tokenId: id, tokenName: Item.name.S } };
}

if (isFunction) await serve(handler);

// This contender reads tokenward's authorizer events, so it has no credentials of its own to print.
console.log("{}");
await compete(async (line) => {
  const answer = await handler(JSON.parse(line));
  // Lambda's runtime serialises the response too, so this belongs to the measured time.
  return JSON.stringify(answer) && answer.isAuthorized;
});
