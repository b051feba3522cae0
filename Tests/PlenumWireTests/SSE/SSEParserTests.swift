import PlenumCore
import PlenumWire
import Testing

@Suite("The parser of server-sent events")
struct SSEParserTests {
    /// The names and data of all events, and the bytes given back, for one way of cutting.
    private func read(_ bytes: [UInt8], size: Int) throws -> (events: [String], bytes: [UInt8]) {
        var parser = SSEParser()
        var events: [String] = []
        var given: [UInt8] = []
        func take(_ batch: SSEBatch) {
            given += batch.bytes
            for event in batch.events {
                let data = String(decoding: batch.data(of: event), as: UTF8.self)
                events.append("\(batch.name(of: event) ?? "-")|\(data)")
            }
        }
        for chunk in Reading.chunks(bytes, size) { take(try parser.feed(chunk)) }
        take(parser.finish())
        return (events, given)
    }

    static let text =
        "\u{FEFF}: hello\n\nevent: a\ndata: one\n\ndata:two\ndata:  three\nid: 7\nretry: 9\n\n: ping\n\n"
        + "data\n\nevent: nothing\n\ndata: {\"x\":\"ä\u{2028}\"}\n\ndata: last"
    static let expected = ["a|one", "-|two\n three", "-|", "-|{\"x\":\"ä\u{2028}\"}", "-|last"]

    @Test("gives the same events at every cut and for every line end", arguments: ["\n", "\r\n", "\r"])
    func everyCut(lineEnd: String) throws {
        let bytes = Array(Self.text.replacing("\n", with: lineEnd).utf8)
        for size in 1...bytes.count {
            let read = try read(bytes, size: size)
            #expect(read.events == Self.expected)
            #expect(read.bytes == bytes, "the bytes come back whole")
        }
        for cut in 0...bytes.count {
            var parser = SSEParser()
            let first = try parser.feed(Array(bytes[..<cut]))
            let second = try parser.feed(Array(bytes[cut...]))
            #expect(first.events.count + second.events.count + parser.finish().events.count == Self.expected.count)
        }
    }

    @Test("gives a CRLF stream's event only with the whole of its blank line")
    func wholeBlankLine() throws {
        var parser = SSEParser()
        _ = try parser.feed(Array("data: a\r\n\r\n".utf8))
        let part = try parser.feed(Array("data: b\r\n\r".utf8))
        #expect(part.events.isEmpty)
        let rest = try parser.feed([0x0A])
        #expect(rest.events.count == 1)
        #expect(rest.bytes == Array("data: b\r\n\r\n".utf8))
    }

    @Test("refuses an event over its limit")
    func limit() throws {
        var parser = SSEParser()
        let megabyte = [UInt8](repeating: 0x61, count: 1 << 20)
        _ = try parser.feed(Array("data: ".utf8))
        let error = #expect(throws: PlenumError.self) {
            for _ in 0...16 { _ = try parser.feed(megabyte) }
        }
        #expect(error?.code == .badUpstream)
    }

    @Test("takes a long line in small pieces in linear time")
    func linear() throws {
        var parser = SSEParser()
        let piece = [UInt8](repeating: 0x61, count: 64)
        _ = try parser.feed(Array("data: ".utf8))
        let time = try ContinuousClock().measure {
            for _ in 0..<60_000 { _ = try parser.feed(piece) }
        }
        #expect(time < .seconds(20), "4 MB scanned again for each of 60,000 pieces would take minutes")
        let last = try parser.feed([0x0A, 0x0A])
        #expect(last.events.count == 1)
    }

    @Test("takes data of many lines in linear time")
    func manyLines() throws {
        var parser = SSEParser()
        let lines = Array(String(repeating: "data: x\n", count: 800_000).utf8)
        var batch: SSEBatch?
        let time = try ContinuousClock().measure { batch = try parser.feed(lines + [0x0A]) }
        #expect(time < .seconds(20), "data that was copied for each of 800,000 lines took more than a minute")
        let event = try #require(batch?.events.first)
        #expect(batch?.data(of: event).count == 1_599_999)
    }
}
