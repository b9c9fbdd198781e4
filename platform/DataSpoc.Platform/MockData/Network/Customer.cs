namespace DataSpoc.Platform.MockData.Network;

/// <summary>Somebody who sends parcels by an account.</summary>
/// <param name="Id">1, 2, … in the order of joining.</param>
/// <param name="Name">For people.</param>
/// <param name="Email">At example.com.</param>
/// <param name="Segment"><c>private</c>, <c>shop</c> or <c>business</c>.</param>
/// <param name="City">Where they send from.</param>
/// <param name="Contract"><c>none</c>, <c>monthly</c> or <c>yearly</c>.</param>
/// <param name="Newsletter">Whether they read it.</param>
/// <param name="JoinedOn">Their first day.</param>
/// <param name="ChurnedOn">The day on which they left, null while they stay.</param>
internal sealed record Customer(long Id, string Name, string Email, string Segment, City City, string Contract, bool Newsletter, DateOnly JoinedOn, DateOnly? ChurnedOn);
