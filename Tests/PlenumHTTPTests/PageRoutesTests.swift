import HTTPTypes
import PlenumCore
import PlenumWeb
import Testing

@testable import PlenumHTTP

@Suite("The page")
struct PageRoutesTests {
    @Test("every place of it is the same document, under a policy that runs nothing but its own scripts")
    func places() async throws {
        try await DoorsUnderTest.run { doors in
            var tags: Set<String> = []
            for path in ["/", "/c/conv_1", "/usage", "/preferences", "/?models=a,b"] {
                let answer = try await doors.send(.get, path)
                #expect(answer.status == 200 && answer.headers[.contentType] == "text/html; charset=utf-8")
                let policy = try #require(answer.headers[.contentSecurityPolicy])
                for rule in ["default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'"] {
                    #expect(policy.contains(rule))
                }
                #expect(!policy.contains("unsafe") && answer.headers[.xContentTypeOptions] == "nosniff")
                tags.insert(answer.headers[.eTag] ?? "")
            }
            #expect(tags.count == 1 && !tags.contains(""))
        }
    }

    @Test("a file that is known is not sent again, and one is sent compressed to who can read that")
    func files() async throws {
        try await DoorsUnderTest.run { doors in
            let script = try await doors.send(.get, "/js/main.js")
            #expect(script.headers[.contentType] == "text/javascript; charset=utf-8")
            let tag = try #require(script.headers[.eTag])
            let again = try await doors.send(.get, "/js/main.js", headers: [.ifNoneMatch: tag]).status
            #expect(again == 304)
            let packed = try await doors.send(.get, "/js/main.js", headers: [.acceptEncoding: "gzip, br"])
            #expect(packed.headers[.contentEncoding] == "gzip" && packed.headers[.vary] == "Accept-Encoding")
            let lengths = [script, packed].compactMap { $0.headers[.contentLength].flatMap(Int.init) }
            #expect(lengths.count == 2 && lengths[1] < lengths[0])
            let missing = try await doors.send(.get, "/js/nothing.js").status
            #expect(missing == 404)
        }
    }

    @Test("it is given without a key, and nothing else is")
    func keys() async throws {
        let configuration = DoorConfiguration(keys: [
            try ClientKey(name: ClientKey.master, secret: String(repeating: "k", count: 32))
        ])
        try await DoorsUnderTest.run(configuration: configuration) { doors in
            for path in ["/", "/c/conv_1", "/css/tokens.css", "/js/main.js", "/favicon.ico"] {
                let open = try await doors.send(.get, path).status
                #expect(open == 200)
            }
            for path in ["/v1/models", "/api/v1/models", "/v1/conversations", "/cx", "/v1/setup"] {
                let closed = try await doors.send(.get, path).status
                #expect(closed == 401)
            }
            let posted = try await doors.send(.post, "/js/main.js").status
            #expect(posted == 401)
        }
    }

    @Test("a folder for who works on it is read anew, and not left")
    func folder() throws {
        let page = WebPage(folder: "Sources/CWebAssets/Assets")
        #expect(page.asset(at: "/index.html") != nil && page.asset(at: "/js/core/dom.js") != nil)
        for path in ["/../Package.swift", "/js/../../../Package.swift", "/.hidden", "/js/%2e%2e/x", "/js//..", "/js/ä"]
        {
            #expect(page.asset(at: path) == nil)
        }
    }

    @Test("each of its files is inside the program, with a type that a browser takes")
    func embedded() throws {
        let page = WebPage()
        #expect(page.paths.count > 40 && page.paths.contains("/index.html"))
        for path in page.paths {
            let asset = try #require(page.asset(at: path))
            #expect(!asset.bytes.isEmpty && asset.mediaType != "application/octet-stream", "\(path)")
        }
    }
}

@Suite("What the page asks beside conversations and runs")
struct PageQuestionsTests {
    @Test("a server says what it can ask and what it would need")
    func setup() async throws {
        try await DoorsUnderTest.run { doors in
            let setup = try await doors.send(.get, "/v1/setup").json
            #expect(setup["simulated"] == true && setup["providers"]?.array?.isEmpty == true)
        }
    }

    @Test("usage is summed from a time on, with the mean times")
    func usage() async throws {
        try await DoorsUnderTest.run { doors in
            let ask: JSONValue = [
                "model": "simulated/sim-gap0-words5", "messages": [["role": "user", "content": "hello"]],
            ]
            let asked = try await doors.send(.post, "/v1/chat/completions", ask).status
            #expect(asked == 200)
            let row = try await doors.send(.get, "/v1/usage?group_by=day&since=1").json["data"]?.array?.first
            #expect(row?["requests"] == 1 && row?["duration_ms_mean"]?.int != nil)
            let later = try await doors.send(.get, "/v1/usage?since=99999999999").json["data"]?.array
            #expect(later?.isEmpty == true)
            let nonsense = try await doors.send(.get, "/v1/usage?since=soon").status
            #expect(nonsense == 400)
        }
    }

    @Test("a first message may be written beside the first one")
    func first() async throws {
        try await DoorsUnderTest.run { doors in
            let items: JSONValue = [["role": "user", "content": "one"]]
            let made = try await doors.send(.post, "/v1/conversations", ["items": items]).json
            let path = "/v1/conversations/\(try #require(made["id"]?.string))/items"
            let added = try await doors.send(.post, path, ["parent": .null, "items": items]).json["data"]?.array?.first
            #expect(added?["parent"] == .null)
            let next = try await doors.send(.post, path, ["items": items]).json["data"]?.array?.first
            #expect(next?["parent"] == added?["id"])
        }
    }
}
