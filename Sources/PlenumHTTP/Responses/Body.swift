import HTTPTypes
import Hummingbird
import NIOCore
import PlenumCore

extension Request {
    /// Reads the whole body.
    /// - Throws: `tooLarge` when it is over the limit, before it is read if its length is told.
    func bytes(upTo limit: Int) async throws -> [UInt8] {
        if let told = headers[.contentLength].flatMap({ Int($0) }), told > limit { throw Self.tooLarge(limit) }
        do {
            let buffer = try await body.collect(upTo: limit)
            return buffer.withUnsafeReadableBytes { Array($0) }
        } catch is NIOTooManyBytesError {
            throw Self.tooLarge(limit)
        }
    }

    private static func tooLarge(_ limit: Int) -> PlenumError {
        PlenumError(.tooLarge, "The body is over the limit of \(limit) bytes. Set PLENUM_BODY_LIMIT to raise it.")
    }

    /// Reads a body that must be a JSON object; an empty one counts as `{}`.
    func object(upTo limit: Int) async throws -> JSONObject {
        let bytes = try await bytes(upTo: limit)
        guard !bytes.isEmpty else { return JSONObject() }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw PlenumError(.invalidRequest, "The body is not JSON: \(error).")
        }
        guard case .object(let object) = value else {
            throw PlenumError(.invalidRequest, "The body must be a JSON object.")
        }
        return object
    }

    /// The page that the query asks for: `limit`, `after`, `order`.
    func page<Subject: Identified>(
        order: PageRequest<Identifier<Subject>>.Order = .descending
    ) throws(PlenumError) -> PageRequest<Identifier<Subject>> {
        let query = uri.queryParameters
        var page = PageRequest<Identifier<Subject>>(order: order)
        if let text = query["limit"] {
            guard let limit = Int(text), (1...1000).contains(limit) else {
                throw PlenumError(.invalidRequest, "\"limit\" must be 1 to 1000.", parameter: "limit")
            }
            page.limit = limit
        }
        if let text = query["after"] {
            guard let after = Identifier<Subject>(String(text)) else {
                throw PlenumError(.invalidRequest, "\"after\" is not an id of this list.", parameter: "after")
            }
            page.after = after
        }
        if let text = query["order"] {
            guard let order = PageRequest<Identifier<Subject>>.Order(rawValue: String(text)) else {
                throw PlenumError(.invalidRequest, "\"order\" must be asc or desc.", parameter: "order")
            }
            page.order = order
        }
        return page
    }
}

extension DoorContext {
    /// The id in the path.
    /// - Throws: `notFound` for text that is no such id.
    func id<Subject: Identified>(_ name: String, _ what: String) throws -> Identifier<Subject> {
        let text = try parameters.require(name)
        guard let id = Identifier<Subject>(text) else {
            throw PlenumError(.notFound, "There is no \(what) \"\(text.prefix(100))\".")
        }
        return id
    }
}

extension JSONObject {
    /// A string member; `nil` if it is absent or null.
    func text(_ key: String) throws(PlenumError) -> String? {
        guard let value = self[key], value != .null else { return nil }
        guard let text = value.string else {
            throw PlenumError(.invalidRequest, "\"\(key)\" must be a string.", parameter: key)
        }
        return text
    }

    /// A truth value; `nil` if it is absent or null.
    func flag(_ key: String) throws(PlenumError) -> Bool? {
        guard let value = self[key], value != .null else { return nil }
        guard let flag = value.bool else {
            throw PlenumError(.invalidRequest, "\"\(key)\" must be true or false.", parameter: key)
        }
        return flag
    }

    /// An id; `nil` if it is absent or null.
    func id<Subject: Identified>(_ key: String) throws(PlenumError) -> Identifier<Subject>? {
        // OpenAI writes a conversation as its id or as an object with one.
        let named = self[key]?["id"]?.string
        var text = named
        if text == nil { text = try self.text(key) }
        guard let text else { return nil }
        guard let id = Identifier<Subject>(text) else {
            throw PlenumError(.notFound, "\"\(text.prefix(100))\" is no id that \(key) could have.", parameter: key)
        }
        return id
    }

    /// An object; `nil` if it is absent or null.
    func members(_ key: String) throws(PlenumError) -> JSONObject? {
        guard let value = self[key], value != .null else { return nil }
        guard let object = value.object else {
            throw PlenumError(.invalidRequest, "\"\(key)\" must be an object.", parameter: key)
        }
        return object
    }
}
