/** The way back into the connectors: one outbound connection factory for each adapter, found by its protocol's name. */
package io.countersign.adapter.boundary;
