import HTTPTypes
import Hummingbird
import Logging
import PlenumCore
import PlenumEngine
import PlenumStorage
import PlenumWeb
import Testing

@testable import PlenumHTTP

@Suite("The description of the API")
struct DescriptionTests {
    private let document: JSONValue
    private let described: [Described]

    init() throws {
        let asset = try #require(WebPage().asset(at: "/openapi.json"))
        document = try JSONValue(parsing: asset.bytes)
        described = Described.all(of: document)
    }

    @Test("every route is described, and whatever is described is a route")
    func routes() {
        let routes = Self.routes
        let places = Set(described.flatMap(\.places).map(Self.plain))
        #expect(routes.count > 100)
        #expect(routes.subtracting(places).sorted() == [], "not described")
        #expect(places.subtracting(routes).sorted() == [], "not there")
    }

    @Test("every operation has a name of its own, a tag that is introduced, a summary and a good answer")
    func operations() {
        let tags = (document["tags"]?.array ?? []).compactMap { $0["name"]?.string }
        var names: Set<String> = []
        for operation in described {
            let name = operation.body["operationId"]?.string ?? ""
            #expect(!name.isEmpty && names.insert(name).inserted, "\(operation.name): \(name)")
            let own = operation.body["tags"]?.array?.compactMap(\.string) ?? []
            #expect(own.count == 1 && tags.contains(own.first ?? ""), "\(operation.name)")
            #expect(operation.body["summary"]?.string?.isEmpty == false, "\(operation.name)")
            #expect(operation.body["responses"]?.object?.isEmpty == false, "\(operation.name)")
        }
        #expect(names.count == described.count)
    }

    @Test("every reference leads to something, and every part is referred to")
    func references() {
        var found: Set<String> = []
        Self.visit(document) { found.insert($0) }
        for reference in found {
            var place: JSONValue? = document
            #expect(reference.hasPrefix("#/"), "\(reference)")
            for name in reference.dropFirst(2).split(separator: "/") { place = place?[String(name)] }
            #expect(place != nil, "\(reference)")
        }
        for kind in ["parameters", "headers", "responses", "examples", "schemas"] {
            for part in document["components"]?[kind]?.object?.members ?? [] {
                #expect(found.contains("#/components/\(kind)/\(part.key)"), "\(kind)/\(part.key) is used nowhere")
            }
        }
    }

    @Test("every parameter of a path is described")
    func parameters() {
        for operation in described {
            let named = Set(
                operation.path.split(separator: "{").dropFirst().compactMap { $0.split(separator: "}").first }
            )
            let references = (operation.item["parameters"]?.array ?? []) + (operation.body["parameters"]?.array ?? [])
            let parameters = references.compactMap { reference -> JSONValue? in
                guard let name = reference["$ref"]?.string?.split(separator: "/").last else { return reference }
                return document["components"]?["parameters"]?[String(name)]
            }
            let inPath = parameters.filter { $0["in"] == "path" }.compactMap { $0["name"]?.string }
            #expect(Set(inPath) == Set(named.map(String.init)), "\(operation.name)")
        }
    }

    @Test("it is given without a key, as JSON, wherever the API stands")
    func served() async throws {
        let configuration = DoorConfiguration(keys: [
            try ClientKey(name: ClientKey.master, secret: String(repeating: "k", count: 32))
        ])
        try await DoorsUnderTest.run(configuration: configuration) { doors in
            var tags: Set<String> = []
            for path in ["/openapi.json", "/v1/openapi.json", "/api/v1/openapi.json"] {
                let answer = try await doors.send(.get, path)
                #expect(answer.status == 200 && answer.headers[.contentType] == "application/json")
                #expect(answer.json["openapi"] == "3.1.0")
                tags.insert(answer.headers[.eTag] ?? "")
            }
            #expect(tags.count == 1)
            let posted = try await doors.send(.post, "/v1/openapi.json").status
            #expect(posted == 401)
        }
    }

    /// All routes of the server, as `GET /v1/models`.
    private static var routes: Set<String> {
        let engine = Engine(catalogue: Catalogue([]), storage: .inMemory, logger: Logger(label: "test"))
        let router = PlenumServer.router(engine: engine, configuration: DoorConfiguration())
        return Set(router.routes.map { "\($0.method) \(plain($0.path.description))" })
    }

    /// A route as the router and the description both write it: a name that takes slashes, and what is behind it, is `**`.
    private static func plain(_ route: String) -> String {
        for name in ["{model}", "{file}"] {
            if let range = route.firstRange(of: name) { return route[..<range.lowerBound] + "**" }
        }
        return route
    }

    /// Visits all references.
    private static func visit(_ value: JSONValue, _ take: (String) -> Void) {
        switch value {
        case .array(let elements): for element in elements { visit(element, take) }
        case .object(let object):
            for (key, value) in object.members {
                if key == "$ref", let reference = value.string { take(reference) } else { visit(value, take) }
            }
        default: break
        }
    }
}

/// An operation as it is described.
private struct Described {
    let method: String
    let path: String
    /// What holds for all operations of the path.
    let item: JSONValue
    let body: JSONValue
    /// The addresses before the path.
    let servers: [String]

    /// The operation, as `GET /v1/models`.
    var name: String { "\(method) \(path)" }

    /// Every place where it can be asked: behind each server, and what `x-plenum-also` lists.
    var places: [String] {
        let also = item["x-plenum-also"]?.array?.compactMap(\.string) ?? []
        return servers.map { "\(method) \($0)\(path)" } + also.map { "\(method) \($0)" }
    }

    static func all(of document: JSONValue) -> [Described] {
        (document["paths"]?.object?.members ?? []).flatMap { path, item in
            let servers = (item["servers"] ?? document["servers"])?.array?.compactMap { $0["url"]?.string } ?? []
            return ["get", "post", "delete", "put", "patch"].compactMap { method in
                item[method].map { body in
                    let bases = servers.map { $0 == "/" ? "" : $0 }
                    return Described(method: method.uppercased(), path: path, item: item, body: body, servers: bases)
                }
            }
        }
    }
}
