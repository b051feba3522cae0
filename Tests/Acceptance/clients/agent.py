"""One task of an agent, run by the Python that has the agents: `agent.py AGENT URL MODEL`.

The agent is given two tools and a question; what it said and which tools were called is printed as JSON. It is a program of
its own since agents want older releases of the SDKs than the tests of these.
"""

import json
import sys

CALLED = []
QUESTION = "What is the weather, and how late is it?"


def weather(city: str, days: int) -> str:
    """The weather in a city."""
    CALLED.append(["weather", {"city": city, "days": days}])
    return "18 degrees"


def clock(zone: str) -> str:
    """The time in a zone."""
    CALLED.append(["clock", {"zone": zone}])
    return "12:00"


def pydantic(model, settings=None):
    import pydantic_ai

    agent = pydantic_ai.Agent(model, tools=[weather, clock], instructions="Use the tools.", model_settings=settings)
    return agent.run_sync(QUESTION).output


def pydantic_chat(url, model):
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    return pydantic(OpenAIChatModel(model, provider=OpenAIProvider(base_url=f"{url}/v1", api_key="x")))


def pydantic_responses(url, model):
    from pydantic_ai.models.openai import OpenAIResponsesModel
    from pydantic_ai.providers.openai import OpenAIProvider

    return pydantic(OpenAIResponsesModel(model, provider=OpenAIProvider(base_url=f"{url}/v1", api_key="x")))


def pydantic_anthropic(url, model):
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    return pydantic(AnthropicModel(model, provider=AnthropicProvider(base_url=url, api_key="x")))


def pydantic_google(url, model):
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider

    return pydantic(GoogleModel(model, provider=GoogleProvider(base_url=url, api_key="x")))


def llm_chat(url, model):
    from llm.default_plugins.openai_models import Chat

    return llm(Chat(model, key="x", model_name=model, api_base=f"{url}/v1", supports_tools=True))


def llm_anthropic(url, model):
    from llm_anthropic import ClaudeMessages

    return llm(ClaudeMessages(model, base_url=url))


def llm(model):
    return model.chain(QUESTION, tools=[weather, clock], key="x").text()


if __name__ == "__main__":
    name, url, model = sys.argv[1:]
    answer = globals()[name](url, model)
    print(json.dumps({"answer": answer, "called": CALLED}))
