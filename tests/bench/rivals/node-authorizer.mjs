// A Lambda authorizer in JavaScript, in the manner of AWS's samples: one client, one consistent GetItem, and a comparison
// of the stored hash in constant time. It checks tokens and their expiration, but no permissions.
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { createHash, timingSafeEqual } from "node:crypto";
import { compete } from "./contender.mjs";

const client = new DynamoDBClient({});
const TableName = process.env.TABLE_NAME;

async function handler(event) {
  const denied = { isAuthorized: false };
  const [prefix, id, secret] = (event.headers.authorization ?? "").replace(/^Bearer /i, "").split("_");
  if (prefix !== "twd" || !id || !secret) return denied;
  const Key = { pk: { S: `TOKEN#${id}` }, sk: { S: "TOKEN" } };
  const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  if (!Item) return denied;
  const hash = createHash("sha256").update(`tokenward/v1:${id}:${secret.slice(0, 43)}`).digest();
  if (!timingSafeEqual(hash, Item.secretHash.B)) return denied;
  if (Item.expiresAt && Number(Item.expiresAt.N) <= Date.now() / 1000) return denied;
  return { isAuthorized: true, context: { tokenId: id, tokenName: Item.name.S } };
}

console.log("{}");
await compete(async (line) => {
  const answer = await handler(JSON.parse(line));
  return JSON.stringify(answer) && answer.isAuthorized;
});
