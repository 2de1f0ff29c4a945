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
         * @description Answers one page of records in the order of their names.
         *     Expired tokens are listed until they are purged.
         *     Reads are strongly consistent: a list that follows a write shows that write.
         *
         *     A page may be shorter than `limit`, or empty, and still have a next page.
         *     Only `nextCursor: null` marks the end.
         *
         *     A record that cannot be read takes one place in the page as an `UnreadableRecord`.
         *     Query parameters other than the four below, and one that is given twice, are refused with 400.
         */
        get: operations["list"];
        put?: never;
        /**
         * Generate a token
         * @description Makes a token and shows its string, once.
         *     No later answer shows that string again.
         *
         *     With neither `expiresInDays` nor `expiresAt` the token lives for 30 days, or for the deployment's maximum
         *     lifetime if that is shorter.
         *     A deployment with a maximum lifetime refuses a longer one, and refuses none at all.
         */
        post: operations["generate"];
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
                 * @description The token's id. A malformed id is 404, like an unknown one.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * Get a token's record
         * @description Answers one record, never the token string.
         *     A record that cannot be read is 500 `internal`.
         *     This route takes no query parameters: any is refused with 400.
         */
        get: operations["get"];
        put?: never;
        post?: never;
        /**
         * Delete a token
         * @description Removes the token, which stops working, and frees its name.
         *     A later token of that name is a new token: it has a new id and inherits nothing.
         *     A token whose record cannot be read can be deleted too.
         */
        delete: operations["delete"];
        options?: never;
        head?: never;
        /**
         * Change a token's description or permissions
         * @description Changes the members that the body names and keeps the others, in the manner of a JSON merge patch (RFC 7396).
         *     `permissions` is replaced as a whole and never merged inside.
         *     `{}` writes nothing and answers the record as it is.
         *
         *     New permissions apply from the token's next request, unless the deployment caches the authorizer's answers.
         *     A name never changes, and an expiration changes only by regenerating: a body that names either is refused
         *     with 422.
         */
        patch: operations["update"];
        trace?: never;
    };
    "/v1/tokens/{id}/regenerate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token's id. A malformed id is 404, like an unknown one.
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
         * @description Makes a new secret and a new expiration, and shows the new token string, once.
         *     The old string stops working.
         *     The id, the name, the description and the permissions stay.
         *
         *     Works on an expired token too, until it is purged.
         *     No body means `{}`.
         *     With neither `expiresInDays` nor `expiresAt` the default of generate applies; the old moment is never kept.
         */
        post: operations["regenerate"];
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
                 * @description The token's id. A malformed id is 404, like an unknown one.
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
         * @description Says whether the authorizer would let this request through with this token, and why.
         *     It is the authorizer's own decision, on the token as it is now.
         *     An expired token is allowed nothing.
         *     Nothing is written, and no request is made.
         *
         *     The path is matched as API Gateway matches it, among the routes of `infra/routes.yaml`.
         *     A path that no rule knows is judged as a route of its own.
         */
        post: operations["simulate"];
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
         * Simulate a request with permissions that no token needs to have
         * @description Says whether the authorizer would let this request through with a valid token of these permissions, and why.
         *     The permissions are checked as for generate.
         *     The table is neither read nor written.
         *     The path is matched as for a token.
         */
        post: operations["simulateDraft"];
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
        /** @description Public, never reused, and the same through every regeneration. */
        TokenId: string;
        /**
         * @description `twd_`, the id, `_`, the secret (43 characters) and the checksum (6 characters).
         *     The checksum is the CRC-32 of all that precedes it.
         */
        TokenString: string;
        /** @description Unique among the tokens that have not been purged or deleted. It never changes. */
        TokenName: string;
        /** @description Free text without control characters other than newline and tab. `null` means none. */
        Description: string | null;
        /**
         * @description `expired` from the second of `expiresAt` on.
         * @enum {string}
         */
        Status: "active" | "expired";
        /**
         * Format: date-time
         * @description RFC 3339 in UTC, whole seconds, `Z`.
         */
        Moment: string;
        /** @description Opaque. It may contain a token's name. */
        Cursor: string;
        /** @description Days from now. Not together with `expiresAt`. */
        ExpiresInDays: number;
        /**
         * Format: date-time
         * @description A moment in the future, at most 3650 days ahead, or `null` for no expiration.
         *     Any RFC 3339 offset is accepted and converted to UTC.
         *     A fraction of a second other than zero is refused.
         *     Not together with `expiresInDays`.
         */
        ExpiresAt: string | null;
        /**
         * @description The token that made a request.
         *     The first token of a deployment is made by the actor with the id `null` and the name `bootstrap`.
         */
        Actor: {
            id: components["schemas"]["TokenId"] | null;
            name: string;
        };
        /** @description All that is known of a token, but for its secret. */
        Record: {
            id: components["schemas"]["TokenId"];
            name: components["schemas"]["TokenName"];
            description: components["schemas"]["Description"];
            status: components["schemas"]["Status"];
            /** @description When the token stops working; `null` means never. */
            expiresAt: components["schemas"]["Moment"] | null;
            permissions: components["schemas"]["StoredPermissions"];
            /**
             * Format: int64
             * @description Begins at 1 and grows by one with every write that changes the record.
             */
            version: number;
            createdAt: components["schemas"]["Moment"];
            createdBy: components["schemas"]["Actor"];
            updatedAt: components["schemas"]["Moment"];
            updatedBy: components["schemas"]["Actor"];
            /** @description When the token last got a new secret; `null` if it still has its first. */
            regeneratedAt: components["schemas"]["Moment"] | null;
        };
        /** @description A record and, this once, the token string. */
        IssuedRecord: components["schemas"]["Record"] & {
            token: components["schemas"]["TokenString"];
        };
        /**
         * @description Stands in a list for a token whose stored record cannot be read.
         *     Such a token lets nobody in, and can be deleted.
         */
        UnreadableRecord: {
            /** @description `null` if not even the id can be read. */
            id: string | null;
            name: string;
            /** @constant */
            unreadable: true;
        };
        Page: {
            tokens: (components["schemas"]["Record"] | components["schemas"]["UnreadableRecord"])[];
            /** @description The `cursor` of the next page; `null` on the last. */
            nextCursor: components["schemas"]["Cursor"] | null;
        };
        GenerateRequest: {
            name: components["schemas"]["TokenName"];
            description?: components["schemas"]["Description"];
            expiresInDays?: components["schemas"]["ExpiresInDays"];
            expiresAt?: components["schemas"]["ExpiresAt"];
            permissions: components["schemas"]["Permissions"];
        };
        UpdateRequest: {
            description?: components["schemas"]["Description"];
            permissions?: components["schemas"]["Permissions"];
        };
        RegenerateRequest: {
            expiresInDays?: components["schemas"]["ExpiresInDays"];
            expiresAt?: components["schemas"]["ExpiresAt"];
        };
        SimulateRequest: {
            method: components["schemas"]["RequestMethod"];
            path: components["schemas"]["RequestPath"];
        };
        SimulateDraftRequest: {
            permissions: components["schemas"]["Permissions"];
            method: components["schemas"]["RequestMethod"];
            path: components["schemas"]["RequestPath"];
        };
        /**
         * @description The request's HTTP method.
         * @enum {string}
         */
        RequestMethod: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
        /**
         * @description The path as it would be sent, with its percent-encoding, without stage, query and fragment.
         *     It has at most 2048 bytes in UTF-8, and is still UTF-8 once its percent-encoding is decoded.
         */
        RequestPath: string;
        /** @description What the authorizer would decide. */
        Simulation: {
            /** @description Whether the request would be let through. */
            allowed: boolean;
            /**
             * @description The rule that counts: its method, or `ANY`, and the path of its route.
             *     `null` if no rule knows method and path; then a `routes` grant decides.
             */
            rule: string | null;
            /**
             * @description The number of the deciding grant, from 0.
             *     `null` if the request is denied, or no grant was asked.
             */
            grantedBy: number | null;
            /**
             * @description What the nearest grant lacks, each as `resource:action:object`.
             *     The nearest grant is the first of those that lack fewest.
             *     Empty if the request is allowed, or denied for another reason.
             */
            missing: string[];
            /** @description Why, for a person. Its wording may change. */
            reason: string;
        };
        /**
         * @description Everything, or what the grants allow.
         *     At most 14 KiB as compact JSON.
         */
        Permissions: components["schemas"]["SuperAdminPermissions"] | components["schemas"]["SpecificPermissions"];
        /** @description Every protected route, and this API. */
        SuperAdminPermissions: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "superAdmin";
        };
        /**
         * @description What the grants allow, and nothing else.
         *     One grant alone must allow all that a request needs.
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
         * @description The permissions of a record.
         *     They are those of a request, but a grant may be one that a later release has stored.
         */
        StoredPermissions: components["schemas"]["SuperAdminPermissions"] | components["schemas"]["StoredSpecificPermissions"];
        /** @description What the grants allow, and nothing else. */
        StoredSpecificPermissions: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "specific";
            grants: (components["schemas"]["Grant"] | components["schemas"]["UnknownGrant"])[];
        };
        /**
         * @description A grant of a later release, of a kind or with a role that this one does not know.
         *     It is shown as it was stored, and allows nothing. The other grants stay in force.
         *     A request body that holds one is refused with 422.
         */
        UnknownGrant: {
            resource: string;
            role?: string;
        };
        /** @description One grant, of a kind and with a role that this release knows. */
        Grant: components["schemas"]["DevtronAppsGrant"] | components["schemas"]["HelmAppsGrant"] | components["schemas"]["JobsGrant"] | components["schemas"]["KubernetesGrant"] | components["schemas"]["ChartGroupsGrant"] | components["schemas"]["RoutesGrant"];
        DevtronAppsGrant: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            resource: "devtronApps";
            project: components["schemas"]["Value"];
            environments: components["schemas"]["Values"];
            applications: components["schemas"]["Values"];
            /** @enum {string} */
            role: "view" | "trigger" | "admin" | "manager";
        };
        HelmAppsGrant: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            resource: "helmApps";
            project: components["schemas"]["Value"];
            environments: components["schemas"]["HelmEnvironments"];
            applications: components["schemas"]["Values"];
            /** @enum {string} */
            role: "view" | "edit" | "admin";
        };
        JobsGrant: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            resource: "jobs";
            project: components["schemas"]["Value"];
            environments: components["schemas"]["Values"];
            jobs: components["schemas"]["Values"];
            workflows: components["schemas"]["Values"];
            /** @enum {string} */
            role: "view" | "trigger" | "admin";
        };
        KubernetesGrant: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            resource: "kubernetes";
            cluster: components["schemas"]["Value"];
            /** @description `_cluster` stands for objects without a namespace. */
            namespaces: components["schemas"]["Values"];
            /** @description `core` stands for the core group. */
            apiGroups: components["schemas"]["Values"];
            kinds: components["schemas"]["Values"];
            names: components["schemas"]["Values"];
            /** @enum {string} */
            role: "view" | "edit" | "admin";
        };
        /** @description `view` and `admin` cover all chart groups, so they require `names` to be `["*"]`. */
        ChartGroupsGrant: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            resource: "chartGroups";
            names: components["schemas"]["Values"];
            /** @enum {string} */
            role: "view" | "edit" | "admin";
        };
        /** @description The listed methods on the request paths that a pattern covers. It has no role. */
        RoutesGrant: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            resource: "routes";
            /** @description HTTP methods, or `*` alone for all of them. */
            methods: ("*" | "CONNECT" | "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST" | "PUT" | "TRACE")[];
            paths: components["schemas"]["PathPattern"][];
        };
        /**
         * @description A name, matched exactly and case-sensitively, or `*` alone for all, existing and future.
         *     It holds no control character, `/`, `\`, `%` or other `*`, and is neither `.` nor `..`.
         */
        Value: string;
        /** @description Different values, or `*` alone. */
        Values: components["schemas"]["Value"][];
        /**
         * @description `cluster/namespace`, `cluster/*` for all namespaces of a cluster, or `*` for everything.
         *     The last slash divides it.
         */
        HelmEnvironment: string;
        /** @description Different environments, or `*` alone. */
        HelmEnvironments: components["schemas"]["HelmEnvironment"][];
        /**
         * @description A path that begins with `/` and has no empty segment.
         *     A segment is a literal, or `*` for any one segment.
         *     A literal holds no control character, `\`, `%`, `?`, `#` or `*`, and is neither `.` nor `..`.
         *     The last segment may be `**` for any number of segments, none included.
         */
        PathPattern: string;
        /** @description An error of a function, after RFC 9457. */
        Problem: {
            /**
             * @description `urn:tokenward:problem:` and the code.
             * @enum {string}
             */
            type: "urn:tokenward:problem:invalid-json" | "urn:tokenward:problem:invalid-query" | "urn:tokenward:problem:unauthenticated" | "urn:tokenward:problem:forbidden" | "urn:tokenward:problem:token-not-found" | "urn:tokenward:problem:name-taken" | "urn:tokenward:problem:version-conflict" | "urn:tokenward:problem:body-too-large" | "urn:tokenward:problem:unsupported-media-type" | "urn:tokenward:problem:validation-failed" | "urn:tokenward:problem:throttled" | "urn:tokenward:problem:internal" | "urn:tokenward:problem:unavailable";
            /** @description What kind of problem it is, for a person. */
            title: string;
            /** @description The HTTP status. */
            status: number;
            /** @description What happened this time, for a person, as a sentence. */
            detail: string;
        };
        /** @description A problem that points into the request body. */
        ValidationProblem: components["schemas"]["Problem"] & {
            /** @description Every violation. */
            errors: components["schemas"]["Violation"][];
        };
        Violation: {
            /** @description A JSON Pointer (RFC 6901) into the request body. The empty one means the body itself. */
            pointer: string;
            /** @description What is wrong, for a program. A release may add codes. */
            code: string;
            /** @description What would be right, for a person. The pointer's place is the subject of the sentence. */
            detail: string;
        };
        /** @description An error of the gateway's own. */
        GatewayMessage: {
            message: string;
        };
    };
    responses: {
        /** @description The token was generated. This answer alone shows its string. */
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
        /** @description A page of records, in the order of their names. */
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
                "application/json": components["schemas"]["Record"];
            };
        };
        /** @description The record as this request left it. */
        Updated: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Record"];
            };
        };
        /** @description The token has a new string. This answer alone shows it. */
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
        /** @description The token is gone. There is no body. */
        Deleted: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description What the authorizer would decide. */
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
         * @description `invalid-json`: the body is empty or cannot be parsed, or an object in it repeats a member.
         *     A regenerate may have an empty body.
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
         * @description `invalid-query`: a query parameter is unknown, repeated or malformed, or the cursor is damaged or belongs to
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
         * @description From the gateway, as `application/json`: the request has no token.
         *     From a function, as `application/problem+json` with `unauthenticated`: the request reached it without a caller,
         *     which happens only where a route lacks its authorizer.
         */
        Unauthenticated: {
            headers: {
                "Cache-Control": components["headers"]["CacheControlOfFunction"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GatewayMessage"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description From the gateway, as `application/json`: the authorizer refused the token.
         *     It may be malformed, unknown, expired, deleted, regenerated since, or without the permission; the answer does
         *     not say which.
         *     From a function, as `application/problem+json` with `forbidden`: the caller is not a super admin.
         */
        Forbidden: {
            headers: {
                "Cache-Control": components["headers"]["CacheControlOfFunction"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GatewayMessage"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `token-not-found`: no token has this id, it has been purged or deleted, or the id is malformed. */
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
         * @description `name-taken`: another token has this name.
         *     An expired token holds its name until it is deleted or purged.
         */
        NameTaken: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ValidationProblem"];
            };
        };
        /** @description `version-conflict`: no tag in `If-Match` is the token's current one. Nothing was changed. */
        VersionConflict: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `body-too-large`: the body is over 64 KiB. */
        BodyTooLarge: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported-media-type`: the body has no `Content-Type`, or one that the operation does not take. */
        UnsupportedMediaType: {
            headers: {
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `validation-failed`: the body is JSON and breaks at least one rule. `errors` lists every violation. */
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
         * @description From a function, as `application/problem+json` with `throttled`: the table is over its rate.
         *     Nothing was written, so the request may be sent again.
         *     From the gateway, as `application/json`: the API is over its rate.
         */
        Throttled: {
            headers: {
                "Cache-Control": components["headers"]["CacheControlOfFunction"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GatewayMessage"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description From a function, as `application/problem+json` with `internal`: an unexpected failure, or a record that cannot
         *     be read.
         *     The body is always the same; the cause is in the log.
         *     From the gateway, as `application/json`: a function or the authorizer failed to answer.
         */
        Internal: {
            headers: {
                "Cache-Control": components["headers"]["CacheControlOfFunction"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GatewayMessage"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description From a function, as `application/problem+json` with `unavailable`: the table failed, did not answer in time, or
         *     other writes of this token kept coming first.
         *     A write may have taken effect; if it did, it did so completely.
         *     From the gateway, as `application/json`: a function did not answer in time.
         */
        Unavailable: {
            headers: {
                "Cache-Control": components["headers"]["CacheControlOfFunction"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GatewayMessage"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /**
         * @description The token's id. A malformed id is 404, like an unknown one.
         * @example 4GkTz0a9QmW1xB7c
         */
        Id: components["schemas"]["TokenId"];
        /** @description The most records that the page may hold. */
        Limit: number;
        /**
         * @description The `nextCursor` of the page before.
         *     It is opaque, and belongs to the filters that it was made with: with others, or damaged, it is refused with 400.
         */
        Cursor: components["schemas"]["Cursor"];
        /**
         * @description Only tokens whose name begins with this.
         *     An empty prefix filters nothing.
         *     A prefix with which no name could begin is refused with 400.
         * @example ci-
         */
        NamePrefix: string;
        /** @description Only tokens of this status. */
        Status: components["schemas"]["Status"];
        /**
         * @description Carry out the request only if the token's entity tag is one of those listed, separated by commas.
         *     `*` matches any token that exists.
         *     Anything that is not strongly equal, a weak tag included, is refused with 412, and nothing changes.
         *     Without this header the last write wins.
         */
        IfMatch: string;
    };
    requestBodies: never;
    headers: {
        /** @description No answer may be stored. */
        CacheControl: "no-store";
        /** @description No answer may be stored. An answer of the gateway's own does not carry this header. */
        CacheControlOfFunction: "no-store";
        /**
         * @description The record's version as a strong entity tag, for `If-Match`.
         * @example "1"
         */
        ETag: string;
        /**
         * @description Where the new token's record is.
         * @example /v1/tokens/4GkTz0a9QmW1xB7c
         */
        Location: string;
        /**
         * @description Seconds to wait before the next attempt. An answer of the gateway's own may lack this header.
         * @example 1
         */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list: {
        parameters: {
            query?: {
                /** @description The most records that the page may hold. */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description The `nextCursor` of the page before.
                 *     It is opaque, and belongs to the filters that it was made with: with others, or damaged, it is refused with 400.
                 */
                cursor?: components["parameters"]["Cursor"];
                /**
                 * @description Only tokens whose name begins with this.
                 *     An empty prefix filters nothing.
                 *     A prefix with which no name could begin is refused with 400.
                 * @example ci-
                 */
                namePrefix?: components["parameters"]["NamePrefix"];
                /** @description Only tokens of this status. */
                status?: components["parameters"]["Status"];
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
    generate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What the token is called, how long it lives and what it may do. At most 64 KiB. */
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
            409: components["responses"]["NameTaken"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token's id. A malformed id is 404, like an unknown one.
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
    delete: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Carry out the request only if the token's entity tag is one of those listed, separated by commas.
                 *     `*` matches any token that exists.
                 *     Anything that is not strongly equal, a weak tag included, is refused with 412, and nothing changes.
                 *     Without this header the last write wins.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The token's id. A malformed id is 404, like an unknown one.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Deleted"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["TokenNotFound"];
            412: components["responses"]["VersionConflict"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    update: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Carry out the request only if the token's entity tag is one of those listed, separated by commas.
                 *     `*` matches any token that exists.
                 *     Anything that is not strongly equal, a weak tag included, is refused with 412, and nothing changes.
                 *     Without this header the last write wins.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The token's id. A malformed id is 404, like an unknown one.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** @description The members to change. At most 64 KiB. */
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
            412: components["responses"]["VersionConflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    regenerate: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Carry out the request only if the token's entity tag is one of those listed, separated by commas.
                 *     `*` matches any token that exists.
                 *     Anything that is not strongly equal, a weak tag included, is refused with 412, and nothing changes.
                 *     Without this header the last write wins.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The token's id. A malformed id is 404, like an unknown one.
                 * @example 4GkTz0a9QmW1xB7c
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** @description How long the token lives from now. At most 64 KiB. */
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
            412: components["responses"]["VersionConflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["Throttled"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    simulate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token's id. A malformed id is 404, like an unknown one.
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
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
}
