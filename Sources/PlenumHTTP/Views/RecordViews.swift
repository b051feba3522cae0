import PlenumCore
import PlenumEngine

/// Records as the API shows them: design.md section 2, "Shapes".
extension Conversation {
    var view: JSONValue {
        [
            "id": .string(id.description), "object": "conversation", "title": .text(title), "model": .text(model),
            "leaf": .text(leaf?.description), "pinned": .bool(isPinned), "archived": .bool(isArchived),
            "metadata": .object(metadata), "created_at": .seconds(createdAt), "updated_at": .seconds(updatedAt),
        ]
    }
}

extension Message {
    var view: JSONValue {
        [
            "id": .string(id.description), "type": "message", "role": .string(role.rawValue),
            "content": .array(parts.map { $0.json(in: role) }), "status": .string(status.rawValue),
            "model": .text(model), "provider": .text(provider), "parent": .text(parent?.description),
            "run": .text(run?.description), "seat": .count(seat), "round": .count(step?.round),
            "phase": .text(step?.phase.rawValue), "derived_from": .array(derivedFrom.map { .string($0.description) }),
            "finish_reason": .text(finish?.meaning.rawValue),
            "usage": usage?.json ?? .null, "cost": .text(cost?.description),
            "generation": .text(generation?.description), "error": error?.json ?? .null,
            "created_at": .seconds(createdAt), "ended_at": endedAt.map { .seconds($0) } ?? .null,
        ]
    }
}

extension Message {
    /// The message, without what tells its model if its run is one of some that are blind.
    func view(hiding runs: Set<RunID>) -> JSONValue {
        guard let run, runs.contains(run), let whole = view.object else { return view }
        return .object(whole.withoutNames)
    }
}

extension Generation {
    var view: JSONValue {
        [
            "id": .string(id.description), "object": "generation", "model": .string(model),
            "requested_model": .string(requestedModel), "provider": .string(provider),
            "dialect": .text(dialect?.rawValue), "door": .text(door?.rawValue), "key": .text(key),
            "status": .string(status.rawValue),
            "http_status": .count(ending?.httpStatus), "finish_reason": .text(ending?.finish?.meaning.rawValue),
            "native_finish_reason": .text(ending?.finish?.native), "usage": ending?.usage?.json ?? .null,
            "cost": .text(ending?.cost?.description), "cost_source": .text(ending?.costSource?.rawValue),
            "price_version": .text(ending?.priceVersion), "cost_reason": .text(ending?.costGap?.rawValue),
            "ttft_ms": .count(ending?.timeToFirstToken), "duration_ms": .count(ending?.duration),
            "streamed": .bool(isStreamed), "group": .string(group.description),
            "attempt": .number(JSONNumber(attempt)), "upstream_id": .text(ending?.upstreamID),
            "conversation": .text(conversation?.description), "message": .text(message?.description),
            "run": .text(run?.description), "seat": .count(seat), "error": ending?.error?.json ?? .null,
            "created_at": .seconds(createdAt),
        ]
    }
}

extension UsageRow {
    func view(by grouping: Grouping) -> JSONValue {
        [
            grouping.rawValue: grouping == .key && key.isEmpty ? .null : .string(key),
            "requests": .number(JSONNumber(requests)),
            "failures": .number(JSONNumber(failures)), "input_tokens": .number(JSONNumber(usage.input)),
            "cached_tokens": .number(JSONNumber(usage.cacheRead)),
            "output_tokens": .number(JSONNumber(usage.output)),
            "reasoning_tokens": .number(JSONNumber(usage.reasoning)),
            "total_tokens": .number(JSONNumber(usage.total)), "cost": .text(cost?.description),
            "unpriced_requests": .number(JSONNumber(unpriced)),
            "ttft_ms_mean": .count(firstToken.mean), "duration_ms_mean": .count(duration.mean),
        ]
    }
}

extension JSONValue {
    static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    static func count(_ value: Int?) -> JSONValue { value.map { .number(JSONNumber($0)) } ?? .null }
    static func seconds(_ time: Timestamp) -> JSONValue { .number(JSONNumber(time.seconds)) }
}
