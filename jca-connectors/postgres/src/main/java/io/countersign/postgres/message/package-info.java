/**
 * The messages of PostgreSQL's frontend/backend protocol, versions 3.0 and 3.2, as far as the gateway must understand
 * them: one record a message, named as in the manual (chapter 54.7, "Message Formats").
 *
 * <p>Each reads itself from a buffer that holds exactly its body ({@code decode}) and writes itself with type and length
 * in front ({@code encode}). The direction is a type: {@link io.countersign.postgres.message.FrontendMessage} comes from a
 * client, {@link io.countersign.postgres.message.BackendMessage} from a server. All are immutable, because a held command
 * lives for hours. What the gateway needs not understand stays {@link io.countersign.postgres.message.Opaque}.
 *
 * @see <a href="https://www.postgresql.org/docs/18/protocol-message-formats.html">Message Formats</a>
 */
package io.countersign.postgres.message;
