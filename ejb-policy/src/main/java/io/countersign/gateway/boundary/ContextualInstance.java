package io.countersign.gateway.boundary;

import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;

/**
 * A bean itself rather than the container's client proxy for it (CDI 4.0 §2.1, §5.4): what every command passes must not look
 * up its context each time. For beans in the application's scope, of which there is one for as long as that lives.
 */
public final class ContextualInstance {

    private ContextualInstance() {}

    /** @throws IllegalStateException where there is no bean of this class */
    public static <T> T of(BeanManager beans, Class<T> type) {
        Bean<?> bean = beans.resolve(beans.getBeans(type));
        if (bean == null) {
            throw new IllegalStateException("there is no bean of " + type);
        }
        return type.cast(instance(beans, bean));
    }

    private static <T> T instance(BeanManager beans, Bean<T> bean) {
        return beans.getContext(bean.getScope()).get(bean, beans.createCreationalContext(bean));
    }
}
