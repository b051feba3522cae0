/// Small files as ChatGPT and Claude export them, made by hand: with branches, hidden nodes, pictures and attachments.
enum SampleFiles {
    static let chatGPT = """
        [
          {"title": "Birds", "create_time": 1715000000.25, "update_time": 1715000900.5,
           "conversation_id": "conv-birds", "current_node": "a3", "mapping": {
            "root": {"id": "root", "message": null, "parent": null, "children": ["sys"]},
            "sys": {"id": "sys", "parent": "root", "children": ["ctx"], "message": {
              "id": "sys", "author": {"role": "system"}, "create_time": null, "weight": 0,
              "content": {"content_type": "text", "parts": [""]}, "metadata": {"is_visually_hidden_from_conversation": true}}},
            "ctx": {"id": "ctx", "parent": "sys", "children": ["u1"], "message": {
              "id": "ctx", "author": {"role": "user"}, "create_time": null, "weight": 1,
              "content": {"content_type": "user_editable_context", "user_profile": "secret"},
              "metadata": {"is_visually_hidden_from_conversation": true}}},
            "u1": {"id": "u1", "parent": "ctx", "children": ["a1", "t2"], "message": {
              "id": "u1", "author": {"role": "user"}, "create_time": 1715000000.5, "weight": 1,
              "content": {"content_type": "text", "parts": ["How do birds navigate?"]}, "metadata": {}}},
            "t2": {"id": "t2", "parent": "u1", "children": ["r2"], "message": {
              "id": "t2", "author": {"role": "assistant"}, "create_time": 1715000010, "weight": 1,
              "content": {"content_type": "thoughts", "thoughts": [{"summary": "Thinking of stars", "content": "Or the sun?"}]},
              "metadata": {"model_slug": "o3"}}},
            "r2": {"id": "r2", "parent": "t2", "children": ["a2"], "message": {
              "id": "r2", "author": {"role": "assistant"}, "create_time": 1715000011, "weight": 1,
              "content": {"content_type": "reasoning_recap", "content": "Thought for 2 seconds"}, "metadata": {}}},
            "a2": {"id": "a2", "parent": "r2", "children": [], "message": {
              "id": "a2", "author": {"role": "assistant"}, "create_time": 1715000012, "weight": 1,
              "content": {"content_type": "text", "parts": ["By the sun."]},
              "metadata": {"model_slug": "o3", "finish_details": {"type": "max_tokens"}}}},
            "a1": {"id": "a1", "parent": "u1", "children": ["u2"], "message": {
              "id": "a1", "author": {"role": "assistant"}, "create_time": 1715000002, "weight": 1,
              "content": {"content_type": "text", "parts": ["By the stars."]},
              "metadata": {"model_slug": "gpt-4o", "finish_details": {"type": "stop"}}}},
            "u2": {"id": "u2", "parent": "a1", "children": ["tool"], "message": {
              "id": "u2", "author": {"role": "user"}, "create_time": 1715000100, "weight": 1,
              "content": {"content_type": "multimodal_text", "parts": [
                {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-1", "width": 10},
                "What is on this picture?", {"content_type": "audio_transcription", "text": "and say it aloud"}]},
              "metadata": {"attachments": [{"name": "bird.png", "mime_type": "image/png"}, {"name": "notes.pdf",
                "mimeType": "application/pdf"}]}}},
            "tool": {"id": "tool", "parent": "u2", "children": ["a3"], "message": {
              "id": "tool", "author": {"role": "tool", "name": "python"}, "create_time": 1715000101, "weight": 1,
              "content": {"content_type": "execution_output", "text": "42"}, "metadata": {}}},
            "a3": {"id": "a3", "parent": "tool", "children": [], "message": {
              "id": "a3", "author": {"role": "assistant"}, "create_time": 1715000102, "weight": 1, "recipient": "python",
              "content": {"content_type": "code", "language": "python", "text": "print('a bird')"},
              "metadata": {"model_slug": "gpt-4o"}}}
          }},
          {"title": "Broken", "conversation_id": "conv-broken", "mapping": 5},
          {"title": "", "create_time": 1e300, "id": "conv-untitled", "current_node": "nowhere", "mapping": {
            "b": {"id": "b", "parent": "a", "children": [], "message": {"author": {"role": "assistant"},
              "content": {"content_type": "text", "parts": ["Hello yourself"]}}},
            "a": {"id": "a", "parent": "gone", "children": ["b"], "message": {"author": {"role": "user"},
              "content": {"content_type": "text", "parts": ["Hello there"]}}}
          }}
        ]
        """

    /// The first conversation, with one more question and its answer, at which it goes on.
    static let grownChatGPT = chatGPT.replacing(#""current_node": "a3""#, with: #""current_node": "a4""#).replacing(
        #""root": {"id""#,
        with: """
            "u4": {"id": "u4", "parent": "a3", "children": ["a4"], "message": {
              "id": "u4", "author": {"role": "user"}, "create_time": 1715000800,
              "content": {"content_type": "text", "parts": ["And fish?"]}}},
            "a4": {"id": "a4", "parent": "u4", "children": [], "message": {
              "id": "a4", "author": {"role": "assistant"}, "create_time": 1715000801,
              "content": {"content_type": "text", "parts": ["By smell."]}, "metadata": {"model_slug": "gpt-4o"}}},
            "root": {"id"
            """
    )

    static let claude = """
        [
          {"uuid": "c-1", "name": "Sorting", "created_at": "2024-05-06T12:00:00.123456Z", "updated_at": "2024-05-06T12:10:00Z",
           "account": {"uuid": "somebody"}, "chat_messages": [
            {"uuid": "m-1", "sender": "human", "text": "Sort this", "created_at": "2024-05-06T12:00:01Z",
             "content": [{"type": "text", "text": "Sort this"}],
             "attachments": [{"file_name": "list.txt", "extracted_content": "3\\n1\\n2"}], "files": [{"file_name": "shot.png"}]},
            {"uuid": "m-2", "sender": "assistant", "text": "1 2 3", "created_at": "2024-05-06T12:00:05.5+02:00",
             "content": [{"type": "thinking", "thinking": "Easy."}, {"type": "text", "text": "1 2 3"},
              {"type": "tool_use", "name": "artifacts", "input": {"title": "sort.py", "language": "python", "content": "sorted(x)"}},
              {"type": "tool_result", "content": []}], "attachments": []},
            {"uuid": "m-3", "sender": "human", "text": "Thanks", "created_at": "2024-05-06T12:00:09Z", "content": []},
            {"uuid": "m-4", "sender": "assistant", "text": "", "created_at": "2024-05-06T12:00:10Z", "content": []}
          ]},
          {"uuid": "c-2", "name": "", "created_at": "2024-05-07T12:00:00Z", "model": "claude-3-opus",
           "current_leaf_message_uuid": "t-2a", "chat_messages": [
            {"uuid": "t-1", "sender": "human", "text": "Once more", "parent_message_uuid": "00000000-0000-4000-8000-000000000000"},
            {"uuid": "t-2a", "sender": "assistant", "text": "First", "parent_message_uuid": "t-1"},
            {"uuid": "t-2b", "sender": "assistant", "text": "Second", "parent_message_uuid": "t-1"}
          ]},
          {"uuid": "c-3", "name": "Nothing said", "created_at": "2024-05-08T12:00:00Z", "chat_messages": []}
        ]
        """
}
