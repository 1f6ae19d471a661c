package io.countersign.it.world;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One demo for all stories that do not break it: started at the first, stopped after the last. */
public final class SharedDemo implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Demo.class;
    }

    @Override
    public Demo resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(SharedDemo.class))
                .getOrComputeIfAbsent(Demo.class, type -> Demo.start("shared", "--policy", storyPolicy()), Demo.class);
    }

    /** The demo's own policy and, beside it, the few rules that stories need. */
    private static String storyPolicy() {
        return StoryPolicy.folder().toString();
    }
}
