/** Sessions and their commands inside the container, as people find and read them. */
package io.countersign.session.boundary;
