import Hummingbird
import Logging
import NIOCore
import PlenumEngine

/// What a request carries through the router.
struct DoorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection that the request came by.
    let channel: any Channel
    /// Among how many debates one of this request has to find room.
    var quota: DebateQuota?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
