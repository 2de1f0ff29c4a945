// Generated from docs/openapi.yaml by build.mjs.
export interface paths {
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tokens
         * @description Returns one page of records, ordered by name.
         *     Expired tokens are listed until they are purged.
         *     Reads are strongly consistent: a list after a write shows that write.
         *
         *     A page may be shorter than `limit`, or empty, and still have a next page.
         *     The last page has `nextCursor: null`.
         *
         *     A record that cannot be read is listed as an `UnreadableRecord`.
         *     Unknown or repeated query parameters are rejected with 400.
         */
        get: operations["listTokens"];
        put?: never;
        /**
         * Generate a token
         * @description Creates a token.
         *     This response is the only one that contains the token string.
         *
         *     Without `expiresInDays` and `expiresAt`, the token lives for 30 days, or for the deployment's maximum
         *     lifetime if that is shorter.
         *     A deployment with a maximum lifetime rejects longer lifetimes and tokens without expiration.
         */
        post: operations["generateToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token's id. A malformed id gets 404, as an unknown one does.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * Get a token's record
         * @description Returns one record, without the token string.
         *     A record that cannot be read gets 500 `internal`.
         *     Query parameters are rejected with 400.
         */
        get: operations["getToken"];
        put?: never;
        post?: never;
        /**
         * Delete a token
         * @description Deletes the token: it stops working, and its name is free again.
         *     A later token of that name has a new id and inherits nothing.
         *     A token whose record cannot be read can be deleted too.
         */
        delete: operations["deleteToken"];
        options?: never;
        head?: never;
        /**
         * Update a token
         * @description Changes the fields in the body and keeps the others, as a JSON merge patch does (RFC 7396).
         *     `permissions` is replaced as a whole.
         *     A patch that changes nothing, such as `{}`, keeps the version and returns the record.
         *
         *     New permissions apply from the next request, unless the deployment caches decisions.
         *     A name never changes, and an expiration changes only by regenerating.
         *     A body with either of them is rejected with 422.
         */
        patch: operations["updateToken"];
        trace?: never;
    };
    "/v1/tokens/self": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the calling token's record
         * @description Returns the record of the calling token, which may be any valid token.
         */
        get: operations["getOwnToken"];
        put?: never;
        post?: never;
        /**
         * Revoke the calling token
         * @description The calling token, which may be any valid token, expires now.
         *     It stays listed as expired, and a super admin can regenerate it.
         *     If it calls with its previous secret, only the grace period ends.
         */
        delete: operations["revokeOwnToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/self/regenerate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Regenerate the calling token
         * @description Replaces the secret and the expiration of the calling token, as `regenerateToken` does.
         *     The token must have `selfRegenerate`, and call with its current secret.
         *     Its new lifetime is at most the one that it had.
         *     Without `gracePeriodSeconds`, the old secret still works for an hour.
         */
        post: operations["regenerateOwnToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke the token in a form
         * @description Makes the token in the form expire now (RFC 7009). No credential is required.
         *     If the token has the previous secret, only the grace period ends.
         *     The response is the same for an unknown or invalid token, about which nothing is stored.
         *     It is also the same for a form without `token`.
         *     `token` must not be repeated, and all other fields are ignored.
         */
        post: operations["revokeToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{id}/regenerate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token's id. A malformed id gets 404, as an unknown one does.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Regenerate a token
         * @description Replaces the secret and the expiration.
         *     This response is the only one that contains the new token string.
         *     The old secret stops working, at once or after `gracePeriodSeconds`.
         *     While a previous secret works, another regenerate with a grace period gets 409 `grace-period-open`.
         *     A regenerate without a grace period ends both secrets.
         *     The id, the name, the description and the permissions do not change.
         *
         *     An expired token works again, if it is regenerated before it is purged.
         *     A missing body means `{}`.
         *     Without `expiresInDays` and `expiresAt`, the token keeps the lifetime that it had, counted from now.
         *     That is the time from `regeneratedAt`, or else `createdAt`, to `expiresAt`; `null` stays `null`.
         *     It is never longer than the deployment's maximum lifetime.
         */
        post: operations["regenerateToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token's id. A malformed id gets 404, as an unknown one does.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo the last regenerate
         * @description Makes the previous secret current again, with the expiration that it had.
         *     The newer secret stops working.
         *     Use it if the response of a regenerate was lost, or if a new secret was rolled out wrongly.
         */
        post: operations["rollBackToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{id}/previous": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token's id. A malformed id gets 404, as an unknown one does.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End the grace period
         * @description The previous secret stops working.
         *     Without a previous secret, nothing changes, and the response is still 200 with the record.
         */
        delete: operations["endPreviousSecret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token's id. A malformed id gets 404, as an unknown one does.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * List a token's events
         * @description Returns the writes of a token, the newest first, even if the token is deleted.
         *     A page may be shorter than `limit` and still have a next page.
         */
        get: operations["listTokenEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the events of some days
         * @description Returns the writes of all tokens, the oldest first, without what changed.
         *     A page contains events of one day, so it may be empty and still have a next page.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{id}/simulate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token's id. A malformed id gets 404, as an unknown one does.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Simulate a request with a token
         * @description Returns the authorizer's decision on this request with this token, and the reason.
         *     An expired token is denied every request.
         *     No request is sent, and nothing is written.
         *
         *     The path is matched as API Gateway matches it, but with the routes of `infra/routes.yaml`.
         *     If no rule matches, the request requires a `routes` grant, or a super admin if that file begins with
         *     `- default: superAdmin`.
         *     If API Gateway matches a route without a rule of its own, the authorizer may require more.
         */
        post: operations["simulateRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/simulate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Simulate a request with draft permissions
         * @description Returns the authorizer's decision on this request with a valid token that has these permissions, and the reason.
         *     The permissions are validated as for `generateToken`.
         *     The table is neither read nor written.
         *     The path is matched as for `simulateRequest`.
         */
        post: operations["simulateDraft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/introspect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Introspect a token
         * @description Returns whether a token is active and, with `method` and `path`, whether it permits this request (RFC 7662).
         *     The decision is the authorizer's.
         *     The caller must be a super admin, or a token with a `routes` grant for this route.
         *
         *     Unknown, wrong, expired and revoked tokens get the same response.
         *     So does a token with `allowedIps`, if `source_ip` is absent or not among them.
         *     An introspection of an active token counts as a use of it.
         *     Fields must not be repeated, and unknown ones are ignored.
         */
        post: operations["introspectToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The token's public id. It is never reused, and stays the same when the token is regenerated. */
        TokenId: string;
        /**
         * @description `twd_`, the id, `_`, the secret (43 characters) and the checksum (6 characters).
         *     The checksum is the CRC-32 of everything before it.
         */
        TokenString: string;
        /** @description Unique among the tokens that are not deleted or purged. It never changes. */
        TokenName: string;
        /** @description Free text without control characters except newline and tab. `null` means none. */
        Description: string | null;
        /**
         * @description The person, team or address that is responsible for the token, without control characters.
         *     It does not affect decisions.
         *     `null` means none.
         */
        Owner: string | null;
        /**
         * @description `expired` from the second of `expiresAt`.
         * @enum {string}
         */
        Status: "active" | "expired";
        /**
         * Format: date-time
         * @description RFC 3339 in UTC, with whole seconds and `Z`.
         */
        Timestamp: string;
        /** @description Opaque, but it may contain a token's name. */
        Cursor: string;
        /** @description The lifetime in days. Not allowed together with `expiresAt`. */
        ExpiresInDays: number;
        /**
         * Format: date-time
         * @description A time in the future, at most 3650 days ahead, or `null` for no expiration.
         *     Any RFC 3339 offset is accepted and converted to UTC.
         *     A fraction of a second is dropped.
         *     Not allowed together with `expiresInDays`.
         */
        ExpiresAt: string | null;
        /**
         * @description The addresses from which the token may be used, or `null` for any.
         *     An entry is an IPv4 or IPv6 address, or a CIDR range that starts at its first address.
         *     An IPv4-mapped IPv6 address is the IPv4 address that it stands for.
         *     A record shows each entry in its normalized notation.
         */
        AllowedIps: string[] | null;
        /**
         * @description The token that made a change.
         *     For a direct invocation of a function, the id is `null` and the name `bootstrap`.
         */
        Actor: {
            id: components["schemas"]["TokenId"] | null;
            name: string;
        };
        /** @description Everything known about a token except its secret. */
        TokenRecord: {
            id: components["schemas"]["TokenId"];
            name: components["schemas"]["TokenName"];
            description: components["schemas"]["Description"];
            owner: components["schemas"]["Owner"];
            status: components["schemas"]["Status"];
            /** @description When the token stops working, or `null` for never. */
            expiresAt: components["schemas"]["Timestamp"] | null;
            permissions: components["schemas"]["Permissions"];
            allowedIps: components["schemas"]["AllowedIps"];
            /** @description Whether the token may regenerate itself. */
            selfRegenerate: boolean;
            /** @description The secret before the last regenerate while it still works, or `null`. */
            previousSecret: components["schemas"]["PreviousSecret"] | null;
            /** @description The last use of the current secret, which may lag by some minutes, or `null`. */
            lastUsed: components["schemas"]["Usage"] | null;
            /**
             * Format: int64
             * @description Starts at 1, and grows by one with every change of the record.
             */
            version: number;
            createdAt: components["schemas"]["Timestamp"];
            createdBy: components["schemas"]["Actor"];
            updatedAt: components["schemas"]["Timestamp"];
            updatedBy: components["schemas"]["Actor"];
            /** @description When the secret was last replaced, or `null`. */
            regeneratedAt: components["schemas"]["Timestamp"] | null;
        };
        /** @description A replaced secret in its grace period. */
        PreviousSecret: {
            validUntil: components["schemas"]["Timestamp"];
            /** @description When it was last used, which may lag by some minutes, or `null`. */
            lastUsedAt: components["schemas"]["Timestamp"] | null;
        };
        /** @description One use of a secret. */
        Usage: {
            at: components["schemas"]["Timestamp"];
            /** @description The client's address, as API Gateway or the service that introspected the token saw it. */
            sourceIp: string | null;
            /**
             * @description The method, and the path of the route that matched, such as `POST /orders/{proxy+}`.
             *     After an introspection, it is the route of the rule.
             */
            route: string | null;
        };
        /** @description A record with the token string. */
        IssuedRecord: components["schemas"]["TokenRecord"] & {
            token: components["schemas"]["TokenString"];
        };
        /**
         * @description A listed token whose record cannot be read.
         *     Such a token is denied every request, and can be deleted.
         */
        UnreadableRecord: {
            /** @description `null` if the id cannot be read either. */
            id: string | null;
            name: string;
            /** @description Always `true`. A readable record does not have this field. */
            unreadable: boolean;
        };
        Page: {
            tokens: (components["schemas"]["TokenRecord"] | components["schemas"]["UnreadableRecord"])[];
            /** @description The `cursor` of the next page, or `null` on the last page. */
            nextCursor: components["schemas"]["Cursor"] | null;
        };
        GenerateRequest: {
            name: components["schemas"]["TokenName"];
            description?: components["schemas"]["Description"];
            owner?: components["schemas"]["Owner"];
            expiresInDays?: components["schemas"]["ExpiresInDays"];
            expiresAt?: components["schemas"]["ExpiresAt"];
            permissions: components["schemas"]["Permissions"];
            allowedIps?: components["schemas"]["AllowedIps"];
            /** @description Whether the token may regenerate itself. Absent and `null` mean `false`. */
            selfRegenerate?: boolean | null;
        };
        UpdateRequest: {
            description?: components["schemas"]["Description"];
            owner?: components["schemas"]["Owner"];
            permissions?: components["schemas"]["Permissions"];
            allowedIps?: components["schemas"]["AllowedIps"];
            /** @description Whether the token may regenerate itself. `null` means `false`. */
            selfRegenerate?: boolean | null;
        };
        RegenerateRequest: {
            expiresInDays?: components["schemas"]["ExpiresInDays"];
            expiresAt?: components["schemas"]["ExpiresAt"];
            /**
             * @description For how long the old secret still works, 0 if it is absent.
             *     The end is never later than the old or the new expiration.
             */
            gracePeriodSeconds?: number;
        };
        RegenerateOwnRequest: {
            expiresInDays?: components["schemas"]["ExpiresInDays"];
            expiresAt?: components["schemas"]["ExpiresAt"];
            /**
             * @description For how long the old secret still works, 3600 if it is absent.
             *     The end is never later than the old or the new expiration.
             */
            gracePeriodSeconds?: number;
        };
        RevokeRequest: {
            /** @description The token to revoke. */
            token?: string;
        };
        IntrospectRequest: {
            /** @description What a client presented as its token, without `Bearer`. It may be malformed. */
            token: string;
            method?: components["schemas"]["RequestMethod"];
            /**
             * @description The path as the client sent it, percent-encoded, without query and fragment.
             *     A path that is unsafe or cannot be decoded is allowed to super admins only.
             */
            path?: string;
            /**
             * @description The client's address. Without it, a token with `allowedIps` is not active.
             * @example 203.0.113.7
             */
            source_ip?: string;
        };
        SimulateRequest: {
            method: components["schemas"]["RequestMethod"];
            path: components["schemas"]["RequestPath"];
            /**
             * @description The client's address. Without it, a token with `allowedIps` is not allowed.
             * @example 203.0.113.7
             */
            sourceIp?: string | null;
        };
        SimulateDraftRequest: {
            permissions: components["schemas"]["Permissions"];
            method: components["schemas"]["RequestMethod"];
            path: components["schemas"]["RequestPath"];
        };
        /** @description The request's HTTP method, in capitals. It need not be a standard method, so `PURGE` is accepted. */
        RequestMethod: string;
        /**
         * @description The path as it is sent, percent-encoded, without stage, query and fragment.
         *     It has at most 2048 bytes, and must be UTF-8 after decoding.
         */
        RequestPath: string;
        /**
         * @description The state of a token.
         *     If it is not active, `active` is the only field.
         *     `allowed` and `grant` are present if the form had `method` and `path`.
         */
        Introspection: {
            /** @description Whether the token may be used. */
            active: boolean;
            sub?: components["schemas"]["TokenId"];
            username?: components["schemas"]["TokenName"];
            /** @description When the secret that was presented was made, in seconds since 1970. */
            iat?: number;
            /** @description When the secret stops working, in seconds since 1970. Absent if it never does. */
            exp?: number;
            /** @description Whether the token is a super-admin token. */
            super_admin?: boolean;
            /** @description The token's owner, or `null`. */
            owner?: string | null;
            /** @description Whether the token permits the request. */
            allowed?: boolean;
            /**
             * @description The index of the grant that allows the request, from 0.
             *     `null` if the request is denied, or needs no grant.
             */
            grant?: number | null;
        };
        /** @description The authorizer's decision. */
        Simulation: {
            /** @description Whether the request would be allowed. */
            allowed: boolean;
            /**
             * @description The route of the rule that applies: its method, or `ANY`, and its path.
             *     `null` if no rule applies; then the default of `infra/routes.yaml` does.
             */
            rule: string | null;
            /**
             * @description The index of the grant that allows the request, from 0.
             *     `null` if the request is denied, or needs no grant.
             */
            grantedBy: number | null;
            /**
             * @description What the nearest grant lacks, each as `resource:action:object`.
             *     The nearest grant is the one that lacks the fewest accesses; of several, the first.
             *     Empty if the request is allowed, or denied for another reason.
             */
            missing: string[];
            /** @description An explanation for people. Its wording may change. */
            reason: string;
        };
        /** @description One page of a token's events, the newest first. */
        EventPage: {
            events: components["schemas"]["TokenEvent"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /** @description One page of the events of a range of days, the oldest first. */
        DayEventPage: {
            events: components["schemas"]["DayEvent"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /** @description The cursor of the next page, or `null` on the last page. */
        NextCursor: components["schemas"]["Cursor"] | null;
        /** @description A write of a token. */
        TokenEvent: {
            at: components["schemas"]["Timestamp"];
            action: components["schemas"]["Action"];
            token: components["schemas"]["EventToken"];
            actor: components["schemas"]["Actor"];
            /**
             * @description The new value of every field that changed; for `generated`, every field that was set.
             *     It never contains a secret.
             */
            changes: {
                [key: string]: unknown;
            };
            sourceIp: components["schemas"]["SourceIp"];
            requestId: components["schemas"]["RequestId"];
        };
        /** @description A write of a token, without its changes. */
        DayEvent: {
            at: components["schemas"]["Timestamp"];
            action: components["schemas"]["Action"];
            token: components["schemas"]["EventToken"];
            actor: components["schemas"]["Actor"];
            sourceIp: components["schemas"]["SourceIp"];
            requestId: components["schemas"]["RequestId"];
        };
        /**
         * @description What was done. A release may add actions.
         * @example generated
         * @example updated
         * @example regenerated
         * @example rolledBack
         * @example previousEnded
         * @example revoked
         * @example deleted
         */
        Action: string;
        /** @description The token, which may be deleted by now. */
        EventToken: {
            id: components["schemas"]["TokenId"];
            /** @description `null` if the token was deleted although it could not be read. */
            name: string | null;
        };
        /** @description The client's address, as API Gateway saw it. `null` for a direct invocation. */
        SourceIp: string | null;
        /** @description API Gateway's id of the request, or Lambda's for a direct invocation. */
        RequestId: string | null;
        /**
         * @description Either full access, or what the grants allow.
         *     At most 14 KiB as compact JSON.
         */
        Permissions: components["schemas"]["SuperAdminPermissions"] | components["schemas"]["SpecificPermissions"];
        /** @description Full access to every protected route and to this API. */
        SuperAdminPermissions: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "superAdmin";
        };
        /**
         * @description What the grants allow, and nothing else.
         *     Grants are never combined: one grant must allow the whole request.
         */
        SpecificPermissions: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "specific";
            grants: components["schemas"]["Grant"][];
        };
        /**
         * @description One grant: the kind of resource, a role, and the kind's own members, which say where the role applies.
         *     A member is one name, or a list of 1 to 100 different names.
         *     A name has at most 256 characters and is matched exactly; `*` alone means all, existing and future.
         *     The schema allows any kind, because each deployment defines its kinds, members and roles.
         *     `docs/API.md` lists those that tokenward ships with.
         *     A request body with any others is rejected with 422.
         *
         *     A record shows every grant as it is stored.
         *     It may contain a grant of a later release, or of an earlier vocabulary of the deployment.
         *     Such an unknown grant allows nothing, and the other grants still apply.
         *     Every other grant can be sent back unchanged.
         */
        Grant: {
            /**
             * @description The kind, such as `devtronApps`.
             * @example devtronApps
             * @example helmApps
             * @example jobs
             * @example kubernetes
             * @example chartGroups
             * @example routes
             */
            resource: string;
            /**
             * @description A role of this kind, such as `view`. The kind `routes` has no role.
             * @example view
             * @example trigger
             * @example edit
             * @example admin
             * @example manager
             */
            role?: string;
        } & {
            [key: string]: string | string[];
        };
        /** @description An error of a function (RFC 9457). */
        Problem: {
            /**
             * @description `urn:tokenward:problem:` followed by the code. A release may add codes.
             * @example urn:tokenward:problem:invalid-json
             * @example urn:tokenward:problem:invalid-query
             * @example urn:tokenward:problem:invalid-form
             * @example urn:tokenward:problem:unauthenticated
             * @example urn:tokenward:problem:forbidden
             * @example urn:tokenward:problem:token-not-found
             * @example urn:tokenward:problem:name-taken
             * @example urn:tokenward:problem:grace-period-open
             * @example urn:tokenward:problem:no-previous-secret
             * @example urn:tokenward:problem:contended
             * @example urn:tokenward:problem:version-conflict
             * @example urn:tokenward:problem:body-too-large
             * @example urn:tokenward:problem:unsupported-media-type
             * @example urn:tokenward:problem:validation-failed
             * @example urn:tokenward:problem:throttled
             * @example urn:tokenward:problem:internal
             * @example urn:tokenward:problem:unavailable
             */
            type: string;
            /** @description The kind of problem, for people. */
            title: string;
            /** @description The HTTP status. */
            status: number;
            /** @description What happened in this case, for people, as one or two sentences. */
            detail: string;
        };
        /** @description A problem with violations in the request body. */
        ValidationProblem: components["schemas"]["Problem"] & {
            /** @description Every violation. */
            errors: components["schemas"]["Violation"][];
        };
        /** @description A problem. If the name is taken, `errors` points to it. */
        ConflictProblem: components["schemas"]["Problem"] & {
            /** @description Every violation. */
            errors?: components["schemas"]["Violation"][];
        };
        Violation: {
            /** @description A JSON Pointer (RFC 6901) into the request body. An empty pointer means the whole body. */
            pointer: string;
            /** @description What is wrong, for programs. A release may add codes. */
            code: string;
            /** @description What is expected, for people. Its subject is the value at the pointer. */
            detail: string;
        };
        /**
         * @description An error of a function, as `application/problem+json`, or of API Gateway, as `application/json`.
         *     Both have this schema, because generated clients use one schema for all content types of a status.
         */
        Failure: components["schemas"]["Problem"] | components["schemas"]["GatewayMessage"];
        /** @description An error of API Gateway. */
        GatewayMessage: {
            message: string;
        };
    };
    responses: {
        /** @description The token was generated. Only this response contains the token string. */
        Generated: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                ETag: components["headers"]["ETag"];
                Location: components["headers"]["Location"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["IssuedRecord"];
            };
        };
        /** @description A page of records, ordered by name. */
        Listed: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Page"];
            };
        };
        /** @description The record. */
        Got: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["TokenRecord"];
            };
        };
        /** @description The record after this request. */
        Updated: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["TokenRecord"];
            };
        };
        /** @description The token was regenerated. Only this response contains the new token string. */
        Regenerated: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["IssuedRecord"];
            };
        };
        /** @description The record after the rollback. */
        RolledBack: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["TokenRecord"];
            };
        };
        /** @description The record without a previous secret. */
        PreviousEnded: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["TokenRecord"];
            };
        };
        /** @description One page of events. */
        TokenEvents: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["EventPage"];
            };
        };
        /** @description One page of events. */
        DayEvents: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["DayEventPage"];
            };
        };
        /** @description The token was deleted. The response has no body. */
        Deleted: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description The token was revoked. The response has no body. */
        Revoked: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description The form was read. The response has no body. */
        FormAccepted: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /**
         * @description `invalid-form`: the body is not a form in UTF-8, or a field is missing, invalid or repeated.
         *     `invalid-query`: there is a query parameter.
         */
        InvalidForm: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The state of the token. */
        Introspected: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Introspection"];
            };
        };
        /** @description The authorizer's decision. */
        Simulated: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Simulation"];
            };
        };
        /**
         * @description `invalid-json`: the body is empty, is not JSON, or repeats a field of an object.
         *     Regenerate accepts an empty body.
         *     `invalid-query`: there is a query parameter.
         */
        InvalidJson: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `invalid-query`: a query parameter is unknown, repeated or invalid, or the cursor is invalid or was made for
         *     other filters.
         */
        InvalidQuery: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description From API Gateway, as `application/json`: the request has no token.
         *     From a function, as `application/problem+json` with `unauthenticated`: the request did not pass through the
         *     authorizer, which happens only if the route has none.
         */
        Unauthenticated: {
            headers: {
                "Cache-Control": components["headers"]["CacheControlOfFunction"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Failure"];
                "application/json": components["schemas"]["Failure"];
            };
        };
        /**
         * @description From API Gateway, as `application/json`: the authorizer denied the request.
         *     The token may be malformed, unknown, expired, deleted, regenerated, or without the permission.
         *     The response does not contain the reason.
         *     From a function, as `application/problem+json` with `forbidden`: the caller is not a super admin,
         *     may not regenerate itself, or has no `routes` grant for introspection.
         */
        Forbidden: {
            headers: {
                "Cache-Control": components["headers"]["CacheControlOfFunction"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Failure"];
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description `token-not-found`: no token with this id exists, or the id is malformed. */
        TokenNotFound: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `name-taken`: the name is in use.
         *     An expired token keeps its name until it is deleted or purged.
         *     `contended`: other callers kept changing the name, and nothing was changed.
         */
        GenerateConflict: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ConflictProblem"];
            };
        };
        /**
         * @description `contended`: other callers kept changing the token.
         *     Nothing was changed, so the request may be sent again.
         */
        Contended: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `grace-period-open`: a grace period is asked for while the previous secret still works.
         *     `contended`: other callers kept changing the token, and nothing was changed.
         */
        RegenerateConflict: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `no-previous-secret`: there is no previous secret that works.
         *     `contended`: other callers kept changing the token, and nothing was changed.
         */
        RollbackConflict: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `version-conflict`: `If-Match` does not match the token's version. Nothing was changed. */
        VersionConflict: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `body-too-large`: the body is larger than 64 KiB. */
        BodyTooLarge: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported-media-type`: `Content-Type` is missing or not supported. */
        UnsupportedMediaType: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `validation-failed`: the body breaks at least one rule. `errors` lists every violation. */
        ValidationFailed: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ValidationProblem"];
            };
        };
        /**
         * @description From a function, as `application/problem+json` with `throttled`: the table is throttled.
         *     Nothing was written, so the request can be sent again.
         *     From API Gateway, as `application/json`: the API is throttled.
         */
        Throttled: {
            headers: {
                "Cache-Control": components["headers"]["CacheControlOfFunction"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Failure"];
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description From API Gateway, which throttles the API. */
        GatewayThrottled: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /**
         * @description From a function, as `application/problem+json` with `internal`: an unexpected failure, or a record that cannot
         *     be read.
         *     The body is always the same; the log has the cause.
         *     From API Gateway, as `application/json`: a function or the authorizer failed.
         */
        Internal: {
            headers: {
                "Cache-Control": components["headers"]["CacheControlOfFunction"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Failure"];
                "application/json": components["schemas"]["Failure"];
            };
        };
        /**
         * @description From a function, as `application/problem+json` with `unavailable`: the table failed or timed out.
         *     The request may have been applied, but never partially.
         *     From API Gateway, as `application/json`: a function timed out.
         */
        Unavailable: {
            headers: {
                "Cache-Control": components["headers"]["CacheControlOfFunction"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Failure"];
                "application/json": components["schemas"]["Failure"];
            };
        };
    };
    parameters: {
        /**
         * @description The token's id. A malformed id gets 404, as an unknown one does.
         * @example 4GkTz0a9QmW1xB7c
         */
        Id: components["schemas"]["TokenId"];
        /** @description The maximum number of records or events on the page. */
        Limit: number;
        /**
         * @description The `nextCursor` of the page before.
         *     It is opaque, and valid only with the same filters.
         *     An invalid cursor is rejected with 400.
         */
        Cursor: components["schemas"]["Cursor"];
        /**
         * @description Returns names with this prefix.
         *     An impossible prefix is rejected with 400.
         * @example ci-
         */
        NamePrefix: string;
        /** @description Returns tokens with this status. */
        Status: components["schemas"]["Status"];
        /** @description Returns tokens with exactly this owner. */
        OwnerFilter: string;
        /** @description Returns tokens that the token with this id generated. */
        CreatedBy: components["schemas"]["TokenId"];
        /** @description Returns active tokens that expire before this time, in RFC 3339. */
        ExpiresBefore: string;
        /** @description Returns tokens that were generated before this time, in RFC 3339, and not used since. */
        UnusedSince: string;
        /** @description The first day, in UTC. Today by default. */
        From: string;
        /** @description The last day, in UTC, at most 365 days after the first. Today by default. */
        To: string;
        /**
         * @description Changes the token only if its `ETag` is one of these, separated by commas.
         *     `*` matches any existing token.
         *     Any other tag, including a weak one, gets 412, and nothing changes.
         *     Without this header the last write wins.
         */
        IfMatch: string;
    };
    requestBodies: never;
    headers: {
        /** @description Responses must not be cached. */
        CacheControl: "no-store";
        /** @description Responses must not be cached. API Gateway's own responses do not have this header. */
        CacheControlOfFunction: "no-store";
        /**
         * @description The record's version as a strong entity tag, for `If-Match`.
         * @example "1"
         */
        ETag: string;
        /**
         * @description The path of the new token's record.
         * @example /v1/tokens/4GkTz0a9QmW1xB7c
         */
        Location: string;
        /**
         * @description Seconds to wait before the next attempt. API Gateway's own responses may not have this header.
         * @example 1
         */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listTokens: {
        parameters: {
            query?: {
                /** @description The maximum number of records or events on the page. */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description The `nextCursor` of the page before.
                 *     It is opaque, and valid only with the same filters.
                 *     An invalid cursor is rejected with 400.
                 */
                cursor?: components["parameters"]["Cursor"];
                /**
                 * @description Returns names with this prefix.
                 *     An impossible prefix is rejected with 400.
                 * @example ci-
                 */
                namePrefix?: components["parameters"]["NamePrefix"];
                /** @description Returns tokens with this status. */
                status?: components["parameters"]["Status"];
                /** @description Returns tokens with exactly this owner. */
                owner?: components["parameters"]["OwnerFilter"];
                /** @description Returns tokens that the token with this id generated. */
                createdBy?: components["parameters"]["CreatedBy"];
                /** @description Returns active tokens that expire before this time, in RFC 3339. */
                expiresBefore?: components["parameters"]["ExpiresBefore"];
                /** @description Returns tokens that were generated before this time, in RFC 3339, and not used since. */
                unusedSince?: components["parameters"]["UnusedSince"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Listed"];
            400: components["responses"]["InvalidQuery"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    generateToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The token's name, lifetime and permissions. At most 64 KiB. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["GenerateRequest"];
            };
        };
        responses: {
            201: components["responses"]["Generated"];
            400: components["responses"]["InvalidJson"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["GenerateConflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token's id. A malformed id gets 404, as an unknown one does.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Got"];
            400: components["responses"]["InvalidQuery"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["TokenNotFound"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Changes the token only if its `ETag` is one of these, separated by commas.
                 *     `*` matches any existing token.
                 *     Any other tag, including a weak one, gets 412, and nothing changes.
                 *     Without this header the last write wins.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The token's id. A malformed id gets 404, as an unknown one does.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Deleted"];
            400: components["responses"]["InvalidQuery"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["TokenNotFound"];
            409: components["responses"]["Contended"];
            412: components["responses"]["VersionConflict"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Changes the token only if its `ETag` is one of these, separated by commas.
                 *     `*` matches any existing token.
                 *     Any other tag, including a weak one, gets 412, and nothing changes.
                 *     Without this header the last write wins.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The token's id. A malformed id gets 404, as an unknown one does.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** @description The fields to change. At most 64 KiB. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateRequest"];
                "application/merge-patch+json": components["schemas"]["UpdateRequest"];
            };
        };
        responses: {
            200: components["responses"]["Updated"];
            400: components["responses"]["InvalidJson"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["TokenNotFound"];
            409: components["responses"]["Contended"];
            412: components["responses"]["VersionConflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOwnToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Got"];
            400: components["responses"]["InvalidQuery"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["TokenNotFound"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    revokeOwnToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Changes the token only if its `ETag` is one of these, separated by commas.
                 *     `*` matches any existing token.
                 *     Any other tag, including a weak one, gets 412, and nothing changes.
                 *     Without this header the last write wins.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Revoked"];
            400: components["responses"]["InvalidQuery"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["TokenNotFound"];
            409: components["responses"]["Contended"];
            412: components["responses"]["VersionConflict"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    regenerateOwnToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Changes the token only if its `ETag` is one of these, separated by commas.
                 *     `*` matches any existing token.
                 *     Any other tag, including a weak one, gets 412, and nothing changes.
                 *     Without this header the last write wins.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description The token's new lifetime. At most 64 KiB. */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RegenerateOwnRequest"];
            };
        };
        responses: {
            200: components["responses"]["Regenerated"];
            400: components["responses"]["InvalidJson"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["TokenNotFound"];
            409: components["responses"]["RegenerateConflict"];
            412: components["responses"]["VersionConflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The token. At most 64 KiB. */
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["RevokeRequest"];
            };
        };
        responses: {
            200: components["responses"]["FormAccepted"];
            400: components["responses"]["InvalidForm"];
            409: components["responses"]["Contended"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    regenerateToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Changes the token only if its `ETag` is one of these, separated by commas.
                 *     `*` matches any existing token.
                 *     Any other tag, including a weak one, gets 412, and nothing changes.
                 *     Without this header the last write wins.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The token's id. A malformed id gets 404, as an unknown one does.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** @description The token's new lifetime. At most 64 KiB. */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RegenerateRequest"];
            };
        };
        responses: {
            200: components["responses"]["Regenerated"];
            400: components["responses"]["InvalidJson"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["TokenNotFound"];
            409: components["responses"]["RegenerateConflict"];
            412: components["responses"]["VersionConflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    rollBackToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Changes the token only if its `ETag` is one of these, separated by commas.
                 *     `*` matches any existing token.
                 *     Any other tag, including a weak one, gets 412, and nothing changes.
                 *     Without this header the last write wins.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The token's id. A malformed id gets 404, as an unknown one does.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["RolledBack"];
            400: components["responses"]["InvalidQuery"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["TokenNotFound"];
            409: components["responses"]["RollbackConflict"];
            412: components["responses"]["VersionConflict"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    endPreviousSecret: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Changes the token only if its `ETag` is one of these, separated by commas.
                 *     `*` matches any existing token.
                 *     Any other tag, including a weak one, gets 412, and nothing changes.
                 *     Without this header the last write wins.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The token's id. A malformed id gets 404, as an unknown one does.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["PreviousEnded"];
            400: components["responses"]["InvalidQuery"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["TokenNotFound"];
            409: components["responses"]["Contended"];
            412: components["responses"]["VersionConflict"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listTokenEvents: {
        parameters: {
            query?: {
                /** @description The maximum number of records or events on the page. */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description The `nextCursor` of the page before.
                 *     It is opaque, and valid only with the same filters.
                 *     An invalid cursor is rejected with 400.
                 */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path: {
                /**
                 * @description The token's id. A malformed id gets 404, as an unknown one does.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["TokenEvents"];
            400: components["responses"]["InvalidQuery"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["TokenNotFound"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description The first day, in UTC. Today by default. */
                from?: components["parameters"]["From"];
                /** @description The last day, in UTC, at most 365 days after the first. Today by default. */
                to?: components["parameters"]["To"];
                /** @description The maximum number of records or events on the page. */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description The `nextCursor` of the page before.
                 *     It is opaque, and valid only with the same filters.
                 *     An invalid cursor is rejected with 400.
                 */
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["DayEvents"];
            400: components["responses"]["InvalidQuery"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    simulateRequest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token's id. A malformed id gets 404, as an unknown one does.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** @description The request. At most 64 KiB. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SimulateRequest"];
            };
        };
        responses: {
            200: components["responses"]["Simulated"];
            400: components["responses"]["InvalidJson"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["TokenNotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    simulateDraft: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The permissions and the request. At most 64 KiB. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SimulateDraftRequest"];
            };
        };
        responses: {
            200: components["responses"]["Simulated"];
            400: components["responses"]["InvalidJson"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["GatewayThrottled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    introspectToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The token, and the request that its client sent. At most 64 KiB. */
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["IntrospectRequest"];
            };
        };
        responses: {
            200: components["responses"]["Introspected"];
            400: components["responses"]["InvalidForm"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
}
